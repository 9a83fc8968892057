/// The `Range` header: `bytes=0-99`, `bytes=100-`, `bytes=-50`.
enum ByteRange {
    /// The bytes meant, nil where the header is to be ignored: AWS answers the whole object to what it cannot read.
    static func bytes(_ header: String, of size: Int) throws(ServiceError) -> Range<Int>? {
        guard header.hasPrefix("bytes="), !header.contains(",") else { return nil }
        let parts = header.dropFirst("bytes=".count).split(
            separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        if parts[0].isEmpty {
            guard let count = Int(parts[1]), count >= 0 else { return nil }
            guard count > 0, size > 0 else { throw invalid(header, size) }
            return max(size - count, 0)..<size
        }
        guard let first = Int(parts[0]), first >= 0 else { return nil }
        guard first < size else { throw invalid(header, size) }
        if parts[1].isEmpty { return first..<size }
        guard let last = Int(parts[1]), last >= first else { return nil }
        return first..<min(last, size - 1) + 1
    }

    private static func invalid(_ header: String, _ size: Int) -> ServiceError {
        .s3(
            "InvalidRange", "The requested range is not satisfiable", status: 416,
            ["RangeRequested": .string(header), "ActualObjectSize": .string(String(size))])
    }
}
