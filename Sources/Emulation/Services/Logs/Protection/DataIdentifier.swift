import AWSModel
import AWSTypes

/// What a data protection policy looks for: one of AWS's managed identifiers, or a regular expression of its own.
struct DataIdentifier {
    /// How a managed identifier is found. AWS does not publish its detectors; these follow the forms that its
    /// documentation names, with the words that must stand near where it asks for some.
    private struct Detector {
        var pattern: String
        /// One of these must come at most thirty characters before; none: no word is needed.
        var words: [String] = []
        var isLuhn = false
    }

    private static let prefix = "arn:aws:dataprotection::aws:data-identifier/"
    private static let reach = 30

    /// A name such as `EmailAddress`, or that of a custom identifier.
    let name: String
    private let regex: Regex<AnyRegexOutput>
    private let words: [String]
    private let isLuhn: Bool

    /// Reads an element of a policy's `DataIdentifier` list.
    init(_ text: String, custom: [String: String]) throws(ServiceError) {
        var detector: Detector
        if let own = custom[text] {
            name = text
            detector = Detector(pattern: own)
        } else {
            guard text.hasPrefix(Self.prefix) else {
                throw .invalidParameter("DataIdentifier \(text) is neither managed nor defined in Configuration.")
            }
            name = String(text.dropFirst(Self.prefix.count))
            guard let known = Self.detectors[name] else {
                throw .notImplemented(service: Logs.id, operation: "the data identifier \(name)")
            }
            detector = known
        }
        guard let regex = try? Regex(detector.pattern) else {
            throw .invalidParameter("The regular expression of data identifier \(name) is not valid.")
        }
        self.regex = regex.wordBoundaryKind(.simple)
        words = detector.words
        isLuhn = detector.isLuhn
    }

    /// Where it stands in a text.
    func ranges(in text: String) -> [Range<String.Index>] {
        text.matches(of: regex).map(\.range).filter { range in
            if isLuhn, !Self.isLuhn(text[range]) { return false }
            guard !words.isEmpty else { return true }
            let before = text[..<range.lowerBound].suffix(Self.reach).lowercased()
            return words.contains { before.contains($0) }
        }
    }

    /// The check digit of card numbers.
    private static func isLuhn(_ text: Substring) -> Bool {
        let digits = text.compactMap(\.wholeNumberValue)
        let sum = digits.reversed().enumerated().reduce(0) { sum, element in
            let doubled = element.offset % 2 == 1 ? element.element * 2 : element.element
            return sum + (doubled > 9 ? doubled - 9 : doubled)
        }
        return digits.count >= 13 && sum % 10 == 0
    }

    private static let phoneWords = ["phone", "mobile", "cell", "tel", "fax", "contact"]
    private static let accountWords = ["account", "acct", "bank", "iban"]
    private static let octet = "(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])"

    private static let detectors: [String: Detector] = [
        "EmailAddress": Detector(pattern: #"[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)*\.[A-Za-z]{2,}"#),
        "IpAddress": Detector(
            pattern: "\\b\(octet)(?:\\.\(octet)){3}\\b|\\b[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4}){7}\\b"),
        "CreditCardNumber": Detector(pattern: #"\b[0-9](?:[ \-]?[0-9]){12,18}\b"#, isLuhn: true),
        "CreditCardExpiration": Detector(
            pattern: #"\b(?:0[1-9]|1[0-2])[/\-](?:20)?[0-9]{2}\b"#, words: ["exp", "valid"]),
        "CreditCardSecurityCode": Detector(
            pattern: #"\b[0-9]{3,4}\b"#, words: ["cvv", "cvc", "cid", "csc", "security code", "card verification"]),
        "AwsSecretKey": Detector(
            pattern: #"\b[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])"#,
            words: ["secret", "aws_secret_access_key", "credential"]),
        "OpenSshPrivateKey": key("OPENSSH"), "PkcsPrivateKey": key("(?:RSA |EC |DSA |ENCRYPTED )?"),
        "PgpPrivateKey": Detector(
            pattern: "(?s)-----BEGIN PGP PRIVATE KEY BLOCK-----.*?-----END PGP PRIVATE KEY BLOCK-----"),
        "PuttyPrivateKey": Detector(pattern: "(?s)PuTTY-User-Key-File-[0-9]:.*?Private-MAC: *[0-9a-f]+"),
        "Ssn-US": Detector(
            pattern: #"\b(?!000|666|9[0-9]{2})[0-9]{3}-(?!00)[0-9]{2}-(?!0000)[0-9]{4}\b"#),
        "PhoneNumber-US": Detector(
            pattern: #"(?:\+?1[ .\-]?)?\(?[2-9][0-9]{2}\)?[ .\-]?[0-9]{3}[ .\-]?[0-9]{4}\b"#, words: phoneWords),
        "PhoneNumber-GB": phone("44"), "PhoneNumber-DE": phone("49"), "PhoneNumber-FR": phone("33"),
        "PhoneNumber-ES": phone("34"), "PhoneNumber-IT": phone("39"), "PhoneNumber-BR": phone("55"),
        "BankAccountNumber-US": Detector(pattern: #"\b[0-9]{8,17}\b"#, words: accountWords),
        "BankAccountNumber-DE": account("DE[0-9]{2}(?: ?[0-9]{4}){4} ?[0-9]{2}"),
        "BankAccountNumber-GB": account("GB[0-9]{2} ?[A-Z]{4}(?: ?[0-9]{4}){3} ?[0-9]{2}"),
        "BankAccountNumber-ES": account("ES[0-9]{2}(?: ?[0-9]{4}){5}"),
        "BankAccountNumber-FR": account("FR[0-9]{2}(?: ?[0-9A-Z]{4}){5} ?[0-9A-Z]{3}"),
        "BankAccountNumber-IT": account("IT[0-9]{2} ?[A-Z][0-9]{3}(?: ?[0-9A-Z]{4}){4} ?[0-9A-Z]{3}"),
        "ZipCode-US": Detector(pattern: #"\b[0-9]{5}(?:-[0-9]{4})?\b"#, words: ["zip", "postal"]),
        "DateOfBirth": Detector(
            pattern: #"\b(?:[0-9]{4}[/\-][0-9]{2}[/\-][0-9]{2}|[0-9]{1,2}[/\-][0-9]{1,2}[/\-][0-9]{2,4})\b"#,
            words: ["dob", "birth", "birthday", "date of birth"]),
        "VehicleIdentificationNumber": Detector(
            pattern: #"\b[A-HJ-NPR-Z0-9]{17}\b"#, words: ["vin", "vehicle", "fahrgestellnummer"]),
        "LatLong": Detector(
            pattern: #"-?[0-9]{1,2}\.[0-9]{3,}, ?-?[0-9]{1,3}\.[0-9]{3,}"#,
            words: ["coordinate", "lat", "position", "location"]),
    ]

    private static func key(_ kind: String) -> Detector {
        let name = kind == "OPENSSH" ? "OPENSSH PRIVATE KEY" : "\(kind)PRIVATE KEY"
        return Detector(pattern: "(?s)-----BEGIN \(name)-----.*?-----END \(name)-----")
    }

    private static func phone(_ country: String) -> Detector {
        Detector(pattern: "(?:\\+|00)\(country)(?:[ .\\-/]?\\(?[0-9]{1,4}\\)?){3,6}", words: [])
    }

    private static func account(_ pattern: String) -> Detector { Detector(pattern: "\\b\(pattern)\\b") }
}
