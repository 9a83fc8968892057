import AWSModel
import AWSTypes

struct TestEventKey: Hashable {
    var scope: Scope
    var functionName: String
    var name: String
}

/// Saved test events of a function. AWS's console keeps up to ten private ones for each.
extension SkuaService {
    private static let eventsPerFunction = 10

    func registerTestEvents(_ table: inout OperationTable) {
        table.on(Skua.listTestEvents) { [unowned self] (input, call) in
            let events = testEvents.filter { $0.key.scope == call.scope && $0.key.functionName == input.functionName }
            return Skua.ListTestEventsResponse(events: events.values.sorted { ($0.name ?? "") < ($1.name ?? "") })
        }
        table.on(Skua.putTestEvent) { [unowned self] (input, call) throws(ServiceError) in
            try putTestEvent(input, call)
        }
        table.on(Skua.deleteTestEvent) { [unowned self] (input, call) throws(ServiceError) in
            let key = TestEventKey(scope: call.scope, functionName: input.functionName, name: input.name)
            guard testEvents.removeValue(forKey: key) != nil else {
                throw ServiceError("ResourceNotFoundException", "No test event is named \(input.name).", status: 404)
            }
            core.journal.record(
                "DELETE FROM skua_test_events WHERE account = ? AND region = ? AND function = ? AND name = ?",
                [.text(key.scope.accountID), .text(key.scope.region), .text(key.functionName), .text(key.name)])
            return Skua.DeleteTestEventResponse([:])
        }
    }

    private func putTestEvent(
        _ input: Skua.PutTestEventRequest, _ call: Call
    ) throws(ServiceError) -> Skua.PutTestEventResponse {
        guard !input.name.isEmpty, input.name.utf8.count <= 25 else {
            throw .validation("The name of a test event has 1 to 25 characters.")
        }
        let key = TestEventKey(scope: call.scope, functionName: input.functionName, name: input.name)
        let others = testEvents.keys.filter {
            $0.scope == key.scope && $0.functionName == key.functionName && $0.name != key.name
        }
        guard others.count < Self.eventsPerFunction else {
            throw .validation("A function keeps up to \(Self.eventsPerFunction) test events; delete one first.")
        }
        testEvents[key] = Skua.TestEvent(name: input.name, body: input.body, updatedAt: core.now)
        core.journal.record(
            "INSERT OR REPLACE INTO skua_test_events VALUES (?, ?, ?, ?, ?, ?)",
            [
                .text(key.scope.accountID), .text(key.scope.region), .text(key.functionName), .text(key.name),
                .text(input.body), .instant(core.now),
            ])
        return Skua.PutTestEventResponse([:])
    }

    func restoreTestEvents(from store: StoredRows) throws(StorageError) {
        try store.forEach("SELECT account, region, function, name, body, updated FROM skua_test_events") { row in
            let scope = Scope(accountID: row.text(0), region: row.text(1))
            let key = TestEventKey(scope: scope, functionName: row.text(2), name: row.text(3))
            testEvents[key] = Skua.TestEvent(name: row.text(3), body: row.text(4), updatedAt: row.instant(5))
        }
    }
}
