import AWSModel
import AWSTypes

/// Answers that stand in for the tasks of a state machine.
extension SkuaService {
    func registerMocks(_ table: inout OperationTable) {
        table.on(Skua.listMockedStates) { [unowned self] (input, _) throws(ServiceError) in
            try workflows("ListMockedStates").mockedStates(input)
        }
        table.on(Skua.putMockedState) { [unowned self] (input, _) throws(ServiceError) in
            try workflows("PutMockedState").putMockedState(input)
            return Skua.PutMockedStateResponse([:])
        }
        table.on(Skua.deleteMockedState) { [unowned self] (input, _) throws(ServiceError) in
            try workflows("DeleteMockedState").deleteMockedState(input)
            return Skua.DeleteMockedStateResponse([:])
        }
    }

    private func workflows(_ operation: String) throws(ServiceError) -> StepFunctionsService {
        guard let workflows = core.service(StepFunctionsService.self) else {
            throw .notImplemented(service: SFN.id, operation: operation)
        }
        return workflows
    }
}
