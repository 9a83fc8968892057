/// The screens of EventBridge by name.
public enum EventsScreens {
    public static let registrations: [ScreenRegistration] = [
        ScreenRegistration(
            "events.rules", "Event rules", summary: "Rules of all event buses; send an event"
        ) { _ in
            RuleListScreen()
        },
        ScreenRegistration(
            "events.rule", "Event rule", summary: "Its pattern and targets; try an event on it",
            arguments: ["RULE", "BUS?"]
        ) {
            RuleScreen(name: $0[0], bus: $0.count > 1 ? $0[1] : nil)
        },
        ScreenRegistration(
            "scheduler.schedules", "Schedules", summary: "Schedules with what they call and when"
        ) { _ in
            ScheduleListScreen()
        },
        ScreenRegistration("pipes.pipes", "Pipes", summary: "Pipes with their state, source and target") { _ in
            PipeListScreen()
        },
    ]
}
