import AWSModel

/// Items from CSV: RFC 4180, one object a row.
enum CSVItems {
    struct Fault: Error { var cause: String }

    /// - Parameter headers: nil where the first row has them.
    static func items(
        _ bytes: [UInt8], delimiter: UInt8, headers: [String]?, limit: Int
    ) throws(Fault) -> [DocumentValue] {
        var rows = Rows(bytes: bytes, delimiter: delimiter)
        guard let names = headers ?? rows.next() else { return [] }
        guard Set(names).count == names.count else { throw Fault(cause: "CSV headers cannot contain duplicates.") }
        let places = javaOrder(names)
        var items: [DocumentValue] = []
        while items.count < limit, let row = rows.next() {
            var object = DocumentObject(minimumCapacity: names.count)
            // AWS: fields without a header are left out, headers without a field are empty.
            for place in places { object.append(names[place], .string(place < row.count ? row[place] : "")) }
            items.append(.object(object))
        }
        return items
    }

    /// AWS: members come in the order of a Java HashMap.
    private static func javaOrder(_ names: [String]) -> [Int] {
        var capacity = 16
        while names.count * 4 > capacity * 3 { capacity *= 2 }
        return names.indices.map { place -> (bucket: Int, place: Int) in
            let hash = names[place].utf16.reduce(Int32(0)) { $0 &* 31 &+ Int32($1) }
            let bits = UInt32(bitPattern: hash)
            return (Int((bits ^ bits >> 16) & UInt32(capacity - 1)), place)
        }.sorted { ($0.bucket, $0.place) < ($1.bucket, $1.place) }.map(\.place)
    }

    private struct Rows {
        let bytes: [UInt8]
        let delimiter: UInt8
        var position: Int

        init(bytes: [UInt8], delimiter: UInt8) {
            self.bytes = bytes
            self.delimiter = delimiter
            // A byte order mark is no part of the first name.
            position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        }

        /// Empty lines are no rows.
        mutating func next() -> [String]? {
            while position < bytes.count, bytes[position] == 0x0A || bytes[position] == 0x0D { position += 1 }
            guard position < bytes.count else { return nil }
            var row: [String] = []
            var field: [UInt8] = []
            var isQuoted = false
            while position < bytes.count {
                let byte = bytes[position]
                position += 1
                if isQuoted {
                    if byte != UInt8(ascii: "\"") {
                        field.append(byte)
                    } else if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
                        field.append(byte)
                        position += 1
                    } else {
                        isQuoted = false
                    }
                } else if byte == UInt8(ascii: "\""), field.isEmpty {
                    isQuoted = true
                } else if byte == delimiter {
                    row.append(String(decoding: field, as: UTF8.self))
                    field = []
                } else if byte == 0x0A || byte == 0x0D {
                    break
                } else {
                    field.append(byte)
                }
            }
            row.append(String(decoding: field, as: UTF8.self))
            return row
        }
    }
}
