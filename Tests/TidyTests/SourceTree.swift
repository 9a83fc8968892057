import Foundation

/// The sources as text, for rules that the compiler does not know.
struct SourceTree {
    struct File {
        /// Relative to the root: `Sources/Views/Shell/Screen.swift`.
        var path: String
        var lines: [String]

        var module: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
        var isGenerated: Bool { path.contains("/Generated/") }

        /// Modules imported, without `@testable` and access levels.
        var imports: [String] {
            lines.compactMap { line in
                let words = line.split(separator: " ").map(String.init)
                guard let keyword = words.firstIndex(of: "import"), keyword <= 1, keyword + 1 < words.count else {
                    return nil
                }
                return words[keyword + 1].split(separator: ".").first.map(String.init)
            }
        }
    }

    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// All Swift files below a folder of the root.
    static func files(below folder: String) -> [File] {
        let base = root.appendingPathComponent(folder)
        guard let enumerator = FileManager.default.enumerator(atPath: base.path) else { return [] }
        return enumerator.compactMap { item -> File? in
            guard let name = item as? String, name.hasSuffix(".swift"),
                let text = try? String(contentsOf: base.appendingPathComponent(name), encoding: .utf8)
            else { return nil }
            return File(
                path: folder + "/" + name,
                lines: text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
        }.sorted { $0.path < $1.path }
    }
}
