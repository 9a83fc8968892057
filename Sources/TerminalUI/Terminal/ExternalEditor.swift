/// Why a text did not come back from the editor of the user's choice.
public enum ExternalEditorFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// Neither `VISUAL` nor `EDITOR` is set.
    case notChosen
    case notStarted(String)
    /// It ended with another status than 0: the text is left as it was.
    case gaveUp(status: Int)
    case file(String)

    public var description: String {
        switch self {
        case .notChosen: "Set VISUAL or EDITOR to the editor you like"
        case .notStarted(let command): "'\(command)' could not be started"
        case .gaveUp(let status): "The editor ended with status \(status): nothing was taken over"
        case .file(let what): what
        }
    }
}
