import AWSModel

/// Which groups an account policy is for: `LogGroupName NOT IN ["a"]`, `LogGroupNamePrefix IN ["/shop"]`.
struct LogGroupCriteria {
    private let isPrefix: Bool
    private let isNegated: Bool
    private let values: [String]

    init(_ text: String) throws(ServiceError) {
        let invalid = ServiceError.invalidParameter("Invalid selection criteria: \(text)")
        guard let open = text.firstIndex(of: "["), let list = try? JSONReader.parse(String(text[open...])).list else {
            throw invalid
        }
        let words = text[..<open].split(whereSeparator: \.isWhitespace).map(String.init)
        guard let attribute = words.first, ["LogGroupName", "LogGroupNamePrefix"].contains(attribute) else {
            throw invalid
        }
        isPrefix = attribute == "LogGroupNamePrefix"
        switch words.dropFirst().map({ $0.uppercased() }) {
        case ["IN"]: isNegated = false
        case ["NOT", "IN"]: isNegated = true
        default: throw invalid
        }
        values = list.compactMap(\.string)
    }

    func covers(_ name: String) -> Bool {
        values.contains { isPrefix ? name.hasPrefix($0) : name == $0 } != isNegated
    }
}
