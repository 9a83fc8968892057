/// The screens of EventBridge Scheduler by name.
public enum SchedulerScreens {
    public static let registrations: [ScreenRegistration] = [
        ScreenRegistration(
            "scheduler.schedules", "Schedules", summary: "Schedules with what they call and when", arguments: ["GROUP?"]
        ) {
            ScheduleListScreen(group: $0.first)
        },
        ScreenRegistration(
            "scheduler.schedule", "Schedule", summary: "What it calls, and when it fires next",
            arguments: ["SCHEDULE", "GROUP?"]
        ) {
            ScheduleScreen(name: $0[0], group: $0.count > 1 ? $0[1] : nil)
        },
        ScreenRegistration("scheduler.groups", "Schedule groups", summary: "Groups of schedules") { _ in
            ScheduleGroupListScreen()
        },
    ]
}
