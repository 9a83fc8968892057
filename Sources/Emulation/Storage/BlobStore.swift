import Foundation

/// Large bodies as files below the world's directory, written before the row that names them.
public struct BlobStore: Sendable {
    /// An absolute path without trailing slash.
    public let directory: String

    public init(directory: String) throws(StorageError) {
        self.directory = directory
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        } catch {
            throw StorageError(.unwritable, "\(directory) cannot be created: \(error.localizedDescription)")
        }
    }

    public func path(_ name: String) -> String { "\(directory)/\(name)" }

    /// Writes beside the place and renames, so that a name never holds half a body.
    public func write(_ bytes: [UInt8], to name: String) throws(StorageError) {
        let target = URL(fileURLWithPath: path(name))
        do {
            try FileManager.default.createDirectory(
                at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(bytes).write(to: target, options: .atomic)
        } catch {
            throw StorageError(.unwritable, "\(target.path) cannot be written: \(error.localizedDescription)")
        }
    }

    func removeAll() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        for name in names { try? FileManager.default.removeItem(atPath: path(name)) }
    }

    public func read(_ name: String) -> [UInt8]? {
        (try? Data(contentsOf: URL(fileURLWithPath: path(name)))).map(Array.init)
    }
}
