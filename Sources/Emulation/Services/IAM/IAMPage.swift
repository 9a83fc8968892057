import AWSModel
import AWSTypes

/// One page of a list that is sorted by a name. AWS: 100 items unless MaxItems says otherwise.
struct IAMPage<Item> {
    let items: [Item]
    /// Names the last item of this page; nil on the last one.
    let marker: String?
    var isTruncated: Bool { marker != nil }

    init(_ all: [Item], marker: String?, maxItems: Int?, key: (Item) -> String) throws(ServiceError) {
        var rest = all[...]
        if let marker {
            guard let after = Base64.decode(marker).map({ String(decoding: $0, as: UTF8.self) }),
                after.hasPrefix("iam:")
            else {
                throw ServiceError("ValidationError", "Invalid Marker.")
            }
            rest = all.drop { key($0) <= after.dropFirst(4) }
        }
        items = Array(rest.prefix(min(max(maxItems ?? 100, 1), 1000)))
        self.marker = items.count < rest.count ? items.last.map { Base64.encode("iam:\(key($0))".utf8) } : nil
    }

    /// The page as an output: its items under their member's name.
    func document(_ name: String, _ items: [DocumentValue]) -> DocumentObject {
        var document: DocumentObject = [name: .list(items), "IsTruncated": .bool(isTruncated)]
        document.putString("Marker", marker)
        return document
    }
}

enum IAMText {
    /// AWS answers policy documents percent-encoded (RFC 3986).
    static func percentEncoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count * 2)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: "~"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func tags(_ map: [String: String]) -> [IAM.Tag] {
        map.sorted { $0.key < $1.key }.map { IAM.Tag(key: $0.key, value: $0.value) }
    }

    static func map(_ tags: [IAM.Tag]?) -> [String: String] {
        Dictionary((tags ?? []).map { ($0.key, $0.value) }, uniquingKeysWith: { _, later in later })
    }

    /// AWS: at most 50 tags. Keys of users' and roles' are told apart without regard to case, all others with it.
    static func merged(
        _ old: [String: String], _ tags: [IAM.Tag], heedsCase: Bool = true
    ) throws(ServiceError) -> [String: String] {
        func told(_ key: String) -> String { heedsCase ? key : key.lowercased() }
        let keys = Set(tags.map { told($0.key) })
        guard keys.count == tags.count else {
            let hint = heedsCase ? "" : " Please note that Tag keys are case insensitive."
            throw ServiceError("InvalidInputException", "Duplicate tag keys found.\(hint)")
        }
        for tag in tags where tag.key.lowercased().hasPrefix("aws:") {
            throw ServiceError("InvalidInputException", "One of the tag keys begins with the reserved prefix aws:.")
        }
        let merged = old.filter { !keys.contains(told($0.key)) }.merging(map(tags)) { _, new in new }
        guard merged.count <= 50 else {
            throw .iamLimitExceeded("The number of tags has reached the maximum limit.")
        }
        return merged
    }
}
