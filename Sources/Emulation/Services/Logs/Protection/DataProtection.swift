import AWSModel

/// A data protection policy: sensitive parts of events are shown as asterisks.
struct DataProtection {
    private let identifiers: [DataIdentifier]

    /// Checks a policy as AWS does: one statement that audits and one that masks, with the same identifiers.
    init(_ text: String) throws(ServiceError) {
        guard let document = (try? JSONReader.parse(text))?.object else {
            throw .invalidParameter("The policy document is no JSON object.")
        }
        guard let version = document.string("Version"), version == "2021-06-01" else {
            throw .invalidParameter("Version of the policy document must be 2021-06-01.")
        }
        let custom = try Self.customIdentifiers(document)
        var audited: [String]?
        var masked: [String]?
        for statement in document.list("Statement") ?? [] {
            let names = (statement["DataIdentifier"]?.list ?? []).compactMap(\.string)
            let operation = statement["Operation"]
            if let audit = operation?["Audit"] {
                guard audit["FindingsDestination"]?.object != nil else {
                    throw .invalidParameter("Audit must have a FindingsDestination.")
                }
                audited = names
            } else if let deidentify = operation?["Deidentify"] {
                guard deidentify["MaskConfig"]?.object?.isEmpty == true else {
                    throw .invalidParameter("Deidentify must have an empty MaskConfig.")
                }
                masked = names
            } else {
                throw .invalidParameter("Operation must be Audit or Deidentify.")
            }
        }
        guard let audited, let masked else {
            throw .invalidParameter("The policy document must have a statement for Audit and one for Deidentify.")
        }
        guard !audited.isEmpty, audited.sorted() == masked.sorted() else {
            throw .invalidParameter("The DataIdentifier lists of both statements must match exactly.")
        }
        var identifiers: [DataIdentifier] = []
        for name in masked { identifiers.append(try DataIdentifier(name, custom: custom)) }
        self.identifiers = identifiers
    }

    /// AWS: at most ten, by name and regular expression.
    private static func customIdentifiers(_ document: DocumentObject) throws(ServiceError) -> [String: String] {
        var custom: [String: String] = [:]
        for element in document.object("Configuration")?.list("CustomDataIdentifier") ?? [] {
            guard let name = element["Name"]?.string, let regex = element["Regex"]?.string else {
                throw .invalidParameter("A custom data identifier needs a Name and a Regex.")
            }
            custom[name] = regex
        }
        guard custom.count <= 10 else {
            throw .invalidParameter("A policy can have at most 10 custom data identifiers.")
        }
        return custom
    }

    /// The text with an asterisk for each sensitive character.
    func masked(_ text: String) -> String {
        let scalars = text.unicodeScalars
        var masked: [Unicode.Scalar]?
        for range in identifiers.flatMap({ $0.ranges(in: text) }) {
            var all = masked ?? Array(scalars)
            let start = scalars.distance(from: scalars.startIndex, to: range.lowerBound)
            let count = scalars.distance(from: range.lowerBound, to: range.upperBound)
            for index in start..<(start + count) { all[index] = "*" }
            masked = all
        }
        return masked.map { String(String.UnicodeScalarView($0)) } ?? text
    }
}
