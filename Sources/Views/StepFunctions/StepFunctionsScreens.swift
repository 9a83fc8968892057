/// The screens of Step Functions, for the catalogue.
public enum StepFunctionsScreens {
    public static let registrations: [ScreenRegistration] = [
        ScreenRegistration(
            "states.machines", "State machines", summary: "All state machines, with their executions counted"
        ) { _ in
            MachineListScreen()
        },
        ScreenRegistration(
            "states.machine", "State machine",
            summary: "Executions, definition, monitoring and settings of one machine", arguments: ["MACHINE", "TAB?"]
        ) {
            MachineScreen(name: $0[0], tab: $0.count > 1 ? $0[1] : nil)
        },
        ScreenRegistration(
            "states.execution", "Execution", summary: "Graph, table and events of one execution: ARN or MACHINE/NAME",
            arguments: ["EXECUTION", "TAB?"]
        ) {
            ExecutionScreen(address: $0[0], tab: $0.count > 1 ? $0[1] : nil)
        },
        ScreenRegistration(
            "states.activities", "Activities", summary: "All activities, with the tasks that wait for a worker"
        ) { _ in
            ActivityListScreen()
        },
        ScreenRegistration(
            "states.test", "Test a state", summary: "Try one state of a machine with any input, without an execution",
            arguments: ["MACHINE", "STATE?"]
        ) {
            StateTestScreen(machine: $0[0], state: $0.count > 1 ? $0[1] : nil)
        },
        ScreenRegistration(
            "states.mapruns", "Map Runs", summary: "The Map Runs of one execution: ARN or MACHINE/NAME",
            arguments: ["EXECUTION"]
        ) {
            MapRunListScreen(execution: $0[0])
        },
        ScreenRegistration(
            "states.maprun", "Map Run", summary: "Progress, child executions and tolerances of one Map Run",
            arguments: ["ARN"]
        ) {
            MapRunScreen(arn: $0[0])
        },
    ]
}
