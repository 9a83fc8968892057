import Glibc

/// Compares drawn text with a file kept next to the test. `SKUA_UPDATE_SNAPSHOTS=1` rewrites the files instead.
public enum Snapshot {
    /// `nil` if `text` is what `Snapshots/NAME.txt`, beside the test's own file, says; else what is wrong, ready to print.
    public static func difference(_ text: String, _ name: String, testFile: String = #filePath) -> String? {
        let folder =
            testFile.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
            + "/Snapshots"
        let path = "\(folder)/\(name).txt"
        if let wish = getenv("SKUA_UPDATE_SNAPSHOTS"), String(cString: wish) == "1" {
            mkdir(folder, 0o755)
            return write(text, to: path) ? nil : "cannot write \(path)"
        }
        guard let wanted = read(path) else {
            return "there is no snapshot \(path); make it with SKUA_UPDATE_SNAPSHOTS=1"
        }
        if wanted == text { return nil }
        return "the screen differs from \(name).txt\n" + changes(from: wanted, to: text)
    }

    /// Draws into a new buffer and paints it as text.
    public static func text(
        _ size: Size = .standard, _ encoding: Encoding = .utf8, _ draw: (Surface) -> Void
    ) -> String {
        let buffer = CellBuffer(size: size, encoding: encoding)
        draw(Surface(buffer))
        return PlainTextPainter.paint(buffer)
    }

    private static func changes(from wanted: String, to text: String) -> String {
        let before = wanted.split(separator: "\n", omittingEmptySubsequences: false)
        let after = text.split(separator: "\n", omittingEmptySubsequences: false)
        var report = ""
        for index in 0..<max(before.count, after.count) {
            let old = index < before.count ? before[index] : ""
            let new = index < after.count ? after[index] : ""
            if old != new { report += "\(index + 1) - \(old)\n\(index + 1) + \(new)\n" }
        }
        return report
    }

    private static func read(_ path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            if count == 0 { break }
            bytes += chunk[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func write(_ text: String, to path: String) -> Bool {
        guard let file = fopen(path, "w") else { return false }
        defer { fclose(file) }
        let bytes = Array(text.utf8)
        return fwrite(bytes, 1, bytes.count, file) == bytes.count
    }
}
