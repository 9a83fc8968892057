/// Bodies in `aws-chunked` form, as S3's clients stream them: chunks with a size each, then trailing headers.
public enum ChunkedPayload {
    /// Puts the bare payload in the body's place, and trailing headers among the request's own.
    public static func decode(_ request: inout WireRequest) throws(WireError) {
        let codings = (request.headers["Content-Encoding"] ?? "").split(separator: ",").map(HTTPText.trimmed)
        let isStreamed = request.headers["X-Amz-Content-Sha256"]?.hasPrefix("STREAMING-") ?? false
        guard isStreamed || codings.contains("aws-chunked") else { return }
        let rest = codings.filter { $0 != "aws-chunked" }
        request.headers["Content-Encoding"] = rest.isEmpty ? nil : rest.joined(separator: ", ")
        var reader = Reader(bytes: request.body)
        let payload = try reader.payload()
        for (name, value) in reader.trailers() where request.headers[name] == nil {
            request.headers.append(name, value)
        }
        if let length = request.headers["X-Amz-Decoded-Content-Length"], Int(length) != payload.count {
            throw WireError("IncompleteBody", "The request body terminated unexpectedly")
        }
        request.body = payload
        request.headers["Content-Length"] = String(payload.count)
    }

    private struct Reader {
        let bytes: [UInt8]
        var position = 0

        init(bytes: [UInt8]) { self.bytes = bytes }

        mutating func payload() throws(WireError) -> [UInt8] {
            var payload: [UInt8] = []
            payload.reserveCapacity(bytes.count)
            while true {
                guard let line = nextLine(), let size = Int(line.prefix { $0 != ";" }, radix: 16), size >= 0,
                    size <= bytes.count - position
                else { throw WireError("IncompleteBody", "The request body terminated unexpectedly") }
                if size == 0 { return payload }
                payload.append(contentsOf: bytes[position..<position + size])
                position += size
                guard nextLine()?.isEmpty == true else {
                    throw WireError("IncompleteBody", "The request body terminated unexpectedly")
                }
            }
        }

        mutating func trailers() -> [(String, String)] {
            var found: [(String, String)] = []
            while let line = nextLine() {
                guard let colon = line.firstIndex(of: ":") else { continue }
                found.append((String(line[..<colon]), HTTPText.trimmed(line[line.index(after: colon)...])))
            }
            return found
        }

        private mutating func nextLine() -> String? {
            guard position < bytes.count else { return nil }
            var end = position
            while end < bytes.count, bytes[end] != 0x0A { end += 1 }
            var last = end
            if last > position, bytes[last - 1] == 0x0D { last -= 1 }
            defer { position = min(end + 1, bytes.count) }
            return String(decoding: bytes[position..<last], as: UTF8.self)
        }
    }
}
