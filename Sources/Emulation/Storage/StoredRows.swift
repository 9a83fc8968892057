import AWSModel
import Foundation
import GRDB
import GRDBSQLite

/// The rows of an opened world, read once at start.
public struct StoredRows {
    let database: DatabaseQueue

    /// One row, read by column position without building objects: a world may hold a million messages.
    public struct Row {
        let statement: OpaquePointer

        public func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }
        public func int(_ column: Int32) -> Int { Int(sqlite3_column_int64(statement, column)) }
        public func bool(_ column: Int32) -> Bool { sqlite3_column_int64(statement, column) != 0 }
        public func real(_ column: Int32) -> Double { sqlite3_column_double(statement, column) }
        public func instant(_ column: Int32) -> Instant { Instant(microseconds: integer(column)) }
        public func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }

        /// Empty for NULL.
        public func text(_ column: Int32) -> String {
            guard let start = sqlite3_column_text(statement, column) else { return "" }
            let count = Int(sqlite3_column_bytes(statement, column))
            return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
        }

        public func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

        public func blob(_ column: Int32) -> [UInt8] {
            guard let start = sqlite3_column_blob(statement, column) else { return [] }
            return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column))))
        }

        /// JSON text as a document; empty where it isn't one.
        public func document(_ column: Int32) -> DocumentObject {
            (try? JSONReader.parse(text(column)))?.object ?? [:]
        }
    }

    /// Runs a query and hands each row to `body`.
    public func forEach(_ sql: String, _ arguments: [SQLValue] = [], _ body: (Row) -> Void) throws(StorageError) {
        do {
            try database.read { db in
                let statement = try db.makeStatement(sql: sql)
                statement.setUncheckedArguments(StatementArguments(arguments.map(\.databaseValue)))
                let pointer = statement.sqliteStatement
                while true {
                    switch sqlite3_step(pointer) {
                    case SQLITE_ROW: body(Row(statement: pointer))
                    case SQLITE_DONE: return
                    case let code:
                        throw DatabaseError(resultCode: ResultCode(rawValue: code), sql: sql)
                    }
                }
            }
        } catch {
            throw Journal.storageError(error, path: database.path)
        }
    }
}
