import AWSModel

extension Library {
    static let encodings: [Entry] = [
        (
            "base64encode", "<s-:s>",
            { _, arguments, _ in
                arguments.string(0).map { text in
                    // Latin-1 where it fits, as JavaScript's btoa.
                    let isLatin = text.unicodeScalars.allSatisfy { $0.value < 256 }
                    let bytes = isLatin ? text.unicodeScalars.map { UInt8($0.value) } : Array(text.utf8)
                    return .string(Base64.encode(bytes))
                } ?? .undefined
            }
        ),
        (
            "base64decode", "<s-:s>",
            { _, arguments, _ in
                guard let text = arguments.string(0) else { return .undefined }
                guard let bytes = Base64.decode(text) else { return .string("") }
                return .string(String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) })))
            }
        ),
        (
            "encodeUrlComponent", "<s-:s>",
            { (_, arguments, _) throws(JSONataError) -> Value in
                try encode(arguments, keeping: "-_.!~*'()", "encodeUrlComponent")
            }
        ),
        (
            "encodeUrl", "<s-:s>",
            { (_, arguments, _) throws(JSONataError) -> Value in
                try encode(arguments, keeping: "-_.!~*'();/?:@&=+$,#", "encodeUrl")
            }
        ),
        (
            "decodeUrlComponent", "<s-:s>",
            { (_, arguments, _) throws(JSONataError) -> Value in
                try decode(arguments, keeping: "", "decodeUrlComponent")
            }
        ),
        (
            "decodeUrl", "<s-:s>",
            { (_, arguments, _) throws(JSONataError) -> Value in
                try decode(arguments, keeping: ";/?:@&=+$,#", "decodeUrl")
            }
        ),
    ]

    private static func malformed(_ text: String, _ function: String) -> JSONataError {
        JSONataError(
            code: "D3140", message: "Malformed URL passed to $\(function)(): \"\(text)\"", token: function)
    }

    private static func encode(
        _ arguments: [Value], keeping marks: String, _ function: String
    ) throws(JSONataError) -> Value {
        guard let text = arguments.string(0) else { return .undefined }
        let kept = Set(marks.utf8)
        if text.unicodeScalars.contains(where: SurrogateText.isLone) { throw malformed(text, function) }
        var result = ""
        for byte in text.utf8 {
            let isPlain =
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || kept.contains(byte)
            if isPlain {
                result.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                result += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }
        return .string(result)
    }

    private static func decode(
        _ arguments: [Value], keeping marks: String, _ function: String
    ) throws(JSONataError) -> Value {
        guard let text = arguments.string(0) else { return .undefined }
        let kept = Set(marks.utf8)
        let source = Array(text.utf8)
        var bytes: [UInt8] = []
        var index = 0
        while index < source.count {
            guard source[index] == UInt8(ascii: "%") else {
                bytes.append(source[index])
                index += 1
                continue
            }
            guard index + 2 < source.count, source[index + 1] != UInt8(ascii: "+"),
                source[index + 1] != UInt8(ascii: "-"),
                let byte = UInt8(String(decoding: source[index + 1...index + 2], as: UTF8.self), radix: 16)
            else { throw malformed(text, function) }
            if kept.contains(byte) { bytes += source[index...index + 2] } else { bytes.append(byte) }
            index += 3
        }
        guard let result = String(validating: bytes, as: UTF8.self) else { throw malformed(text, function) }
        return .string(result)
    }
}
