import AWSModel
import AWSTypes

/// What happens to calls that policies do not allow, and which those were.
extension SkuaService {
    func registerPermissions(_ table: inout OperationTable) {
        table.on(Skua.getEnforcement) { [unowned self] (_, _) in
            Skua.GetEnforcementResponse(mode: core.authorizer.enforcement.rawValue)
        }
        table.on(Skua.setEnforcement) { [unowned self] (input, _) throws(ServiceError) in
            guard let mode = Enforcement(rawValue: input.mode) else {
                throw .validation("Mode must be off, warn or on.")
            }
            core.authorizer.enforcement = mode
            core.journal.record(
                "INSERT OR REPLACE INTO skua_settings VALUES ('enforcement', ?)", [.text(mode.rawValue)])
            core.changes.mark("skua:enforcement")
            return Skua.SetEnforcementResponse(mode: mode.rawValue)
        }
        table.on(Skua.listDenials) { [unowned self] (input, _) in
            let denials = core.service(IAMService.self)?.access.denials ?? []
            let wanted = denials.reversed().filter { denial in input.resourceArn.map(denial.concerns) ?? true }
            return Skua.ListDenialsResponse(
                denials: wanted.map { denial in
                    Skua.Denial(
                        time: denial.time, principal: denial.request.principal.name, action: denial.request.action,
                        resourceArn: denial.request.resource, sentence: denial.decision.sentence,
                        message: denial.message, isEnforced: denial.wasEnforced)
                })
        }
    }

    /// The world remembers its mode; one that the program was started with comes first.
    func restoreEnforcement(from store: StoredRows) throws(StorageError) {
        guard core.configuration.enforcement == nil else { return }
        try store.forEach("SELECT value FROM skua_settings WHERE name = 'enforcement'") { row in
            if let mode = Enforcement(rawValue: row.text(0)) { core.authorizer.enforcement = mode }
        }
    }
}
