/// Why a world cannot be opened, read or written, in a sentence that says what to do.
public struct StorageError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Kind: String, Sendable {
        /// Not a database, or a damaged one.
        case corrupted
        /// Another program has it open.
        case busy
        /// No space, no permission, an I/O error.
        case unwritable
        /// Made by a newer Skua.
        case tooNew
    }

    public var kind: Kind
    public var description: String

    public init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
