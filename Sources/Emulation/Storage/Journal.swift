import AWSModel
import Foundation
import GRDB

/// Row changes of a turn, written together.
///
/// Memory is the truth for hot state; the journal makes it durable before anybody is told. WAL with
/// `synchronous=NORMAL` survives the program's death (`kill -9`), FULL the machine's too.
public final class Journal {
    public enum Durability: String, Sendable { case normal, full }

    private struct Change {
        var sql: String
        var arguments: [SQLValue]
    }

    private let database: DatabaseQueue
    private var pending: [Change] = []
    private var failure: String?
    /// Batches written so far. A row that was recorded while this was smaller can be read back.
    private(set) var commits: UInt64 = 0

    /// Opens or creates the database file; nil keeps everything in memory, for tests.
    public init(path: String?, durability: Durability = .normal) throws(StorageError) {
        var configuration = Configuration()
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA journal_mode=WAL")
            try db.execute(sql: "PRAGMA synchronous=\(durability == .full ? "FULL" : "NORMAL")")
            try db.execute(sql: "PRAGMA cache_size=-8192")
            try db.execute(sql: "PRAGMA wal_autocheckpoint=4000")
        }
        do {
            if let path {
                database = try DatabaseQueue(path: path, configuration: configuration)
            } else {
                database = try DatabaseQueue()
            }
        } catch {
            throw Self.storageError(error, path: path ?? "memory")
        }
    }

    public var hasPending: Bool { !pending.isEmpty }
    /// True while rows wait that could not be written: writes are refused until they are.
    public var isFailing: Bool { failure != nil }
    var failureSentence: String {
        "The world's journal cannot be written (\(failure ?? "unknown")). Nothing was lost; free some space and try again."
    }

    /// Adds one statement to this turn's batch. `sql` should be a literal: statements are cached by their text.
    public func record(_ sql: String, _ arguments: [SQLValue]) {
        pending.append(Change(sql: sql, arguments: arguments))
    }

    /// Drops what was not written, as the program's death would. For simulations.
    func forgetPending() { pending.removeAll() }

    /// Writes the batch in one transaction. False where it could not be written; the batch is kept and tried again.
    func commit() -> Bool {
        guard !pending.isEmpty else { return failure == nil }
        do {
            let batch = pending
            try database.writeWithoutTransaction { db in
                try db.inTransaction(.immediate) {
                    for change in batch {
                        let statement = try db.cachedStatement(sql: change.sql)
                        statement.setUncheckedArguments(StatementArguments(change.arguments.map(\.databaseValue)))
                        try statement.execute()
                    }
                    return .commit
                }
            }
            pending.removeAll(keepingCapacity: true)
            commits += 1
            failure = nil
            return true
        } catch {
            failure = String(describing: error)
            return false
        }
    }

    func migrate(_ migrations: [Migration]) throws(StorageError) {
        do {
            var migrator = DatabaseMigrator()
            for migration in migrations {
                migrator.registerMigration(migration.name) { db in try db.execute(sql: migration.sql) }
            }
            if try database.read({ try migrator.hasBeenSuperseded($0) }) {
                throw StorageError(
                    .tooNew, "This world was made by a newer Skua; open it with that one, or use another --world.")
            }
            try migrator.migrate(database)
        } catch let error as StorageError {
            throw error
        } catch {
            throw Self.storageError(error, path: database.path)
        }
    }

    /// Empties every table of the services; part of this turn's batch.
    func removeAllRows(except kept: Set<String>) throws(StorageError) {
        var tables: [String] = []
        try rows.forEach("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'") {
            tables.append($0.text(0))
        }
        for table in tables where !kept.contains(table) && table != "grdb_migrations" {
            record("DELETE FROM \(table)", [])
        }
    }

    var rows: StoredRows { StoredRows(database: database) }

    /// Copies the whole database into a new file at `path`, while running: how a world is saved.
    public func copy(to path: String) throws(StorageError) {
        do {
            try database.writeWithoutTransaction { db in
                try db.execute(sql: "VACUUM INTO ?", arguments: [path])
            }
        } catch {
            throw Self.storageError(error, path: path)
        }
    }

    /// Bytes of the database file and its log.
    public var sizeInBytes: Int {
        [database.path, database.path + "-wal"].reduce(0) { sum, path in
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            return sum + ((attributes?[.size] as? NSNumber)?.intValue ?? 0)
        }
    }

    func close() { try? database.close() }

    static func storageError(_ error: any Error, path: String) -> StorageError {
        guard let error = error as? DatabaseError else {
            return StorageError(.unwritable, "\(path) cannot be opened: \(error)")
        }
        switch error.resultCode {
        case .SQLITE_NOTADB, .SQLITE_CORRUPT:
            return StorageError(
                .corrupted,
                "\(path) is damaged or no Skua world (\(error.message ?? "not a database")). Move it away, restore a saved copy, or choose another --world."
            )
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return StorageError(.busy, "\(path) is open in another program.")
        default:
            return StorageError(
                .unwritable, "\(path) cannot be opened: \(error.message ?? "error \(error.resultCode.rawValue)").")
        }
    }
}
