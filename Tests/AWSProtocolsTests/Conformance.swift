import AWSModel
import Foundation
import Testing

/// The conformance cases beside the repository; absent in a plain checkout.
enum Conformance {
    static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("shared/conformance")

    static func bytes(_ path: String) -> [UInt8]? {
        FileManager.default.contents(atPath: folder.appendingPathComponent(path).path).map { [UInt8]($0) }
    }

    static func json(_ path: String) throws -> DocumentValue? {
        guard let bytes = bytes(path) else {
            print("skipped: \(path) is not there")
            return nil
        }
        return try JSONReader.parse(bytes)
    }
}

/// Compares as the cases mean it: NaN equals NaN, numbers by value.
func agree(_ left: DocumentValue, _ right: DocumentValue) -> Bool {
    switch (left, right) {
    case (.number(let a), .number(let b)): return a == b || a.isNaN && b.isNaN || abs(a - b) <= abs(a) * 1e-6
    case (.list(let a), .list(let b)): return a.count == b.count && zip(a, b).allSatisfy { agree($0, $1) }
    case (.object(let a), .object(let b)):
        let left = Set(zip(a.keys, a.values).filter { !$0.1.isNull }.map(\.0))
        let right = Set(zip(b.keys, b.values).filter { !$0.1.isNull }.map(\.0))
        return left == right && left.allSatisfy { agree(a[$0] ?? .null, b[$0] ?? .null) }
    default: return left == right
    }
}

/// A case's parameters, which are written in plain JSON, as the document they stand for.
func typed(_ value: DocumentValue, _ member: Member) -> DocumentValue {
    typed(value, member.shape, isJSONValue: member.isJSONValue)
}

func typed(_ value: DocumentValue, _ shape: Shape, isJSONValue: Bool = false) -> DocumentValue {
    if shape.isDocument { return value }
    switch (shape.kind, value) {
    case (.blob, .string(let text)): return .bytes(Array(text.utf8))
    case (.timestamp, .integer(let seconds)): return .timestamp(Instant(epochSeconds: Double(seconds)))
    case (.timestamp, .number(let seconds)): return .timestamp(Instant(epochSeconds: seconds))
    case (.float, .string(let text)), (.double, .string(let text)):
        switch text {
        case "NaN": return .number(.nan)
        case "Infinity": return .number(.infinity)
        case "-Infinity": return .number(-.infinity)
        default: return value
        }
    case (.list, .list(let list)):
        guard let element = shape.element else { return value }
        return .list(list.map { $0.isNull ? $0 : typed($0, element) })
    case (.map, .object(let object)):
        guard let element = shape.element else { return value }
        return .object(DocumentObject(object.map { ($0, $1.isNull ? $1 : typed($1, element)) }))
    case (.structure, .object(let object)):
        return .object(
            DocumentObject(
                object.map { name, value in
                    (name, shape.member(name).map { typed(value, $0) } ?? value)
                }))
    default:
        if isJSONValue, case .string(let text) = value { return (try? JSONReader.parse(text)) ?? value }
        return value
    }
}
