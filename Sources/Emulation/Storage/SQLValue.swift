import AWSModel
import Foundation
import GRDB

/// A value of a row.
public enum SQLValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])

    public static func integer(_ value: Int) -> SQLValue { .integer(Int64(value)) }
    public static func bool(_ value: Bool) -> SQLValue { .integer(value ? 1 : 0) }
    public static func instant(_ value: Instant) -> SQLValue { .integer(value.microseconds) }
    public static func text(_ value: String?) -> SQLValue { value.map { .text($0) } ?? .null }
    /// A document as JSON text.
    public static func document(_ value: DocumentObject) -> SQLValue { .text(JSONWriter.string(.object(value))) }

    var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let value): value.databaseValue
        case .real(let value): value.databaseValue
        // GRDB binds text up to its first NUL. As bytes it is whole, and SQLite gives it back as text all the same.
        case .text(let value): value.hasNUL ? Data(value.utf8).databaseValue : value.databaseValue
        case .blob(let value): Data(value).databaseValue
        }
    }
}

extension String {
    fileprivate var hasNUL: Bool {
        utf8.withContiguousStorageIfAvailable { bytes in
            bytes.baseAddress.map { memchr($0, 0, bytes.count) != nil } ?? false
        } ?? utf8.contains(0)
    }
}

/// A table, or a change of one, that a service brings along.
public struct Migration: Sendable, Hashable {
    /// Unique and never reused: `sqs-1`.
    public var name: String
    public var sql: String

    public init(_ name: String, _ sql: String) {
        self.name = name
        self.sql = sql
    }
}
