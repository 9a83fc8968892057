/// The screens of CloudWatch Logs by name.
public enum LogsScreens {
    public static let registrations: [ScreenRegistration] = [
        ScreenRegistration("logs.groups", "Log groups", summary: "Log groups with retention and size") { _ in
            LogGroupListScreen()
        },
        ScreenRegistration(
            "logs.group", "Log group", summary: "Its streams, and a search through them", arguments: ["GROUP", "TAB?"]
        ) {
            LogGroupScreen(group: $0[0], tab: $0.count > 1 ? $0[1] : nil)
        },
        ScreenRegistration(
            "logs.tail", "Log tail", summary: "Events as they come, filtered", arguments: ["GROUP", "STREAM?"]
        ) {
            LogTailScreen(group: $0[0], stream: $0.count > 1 ? $0[1] : nil)
        },
        ScreenRegistration(
            "logs.insights", "Logs Insights", summary: "Queries over log groups, as rows and charts",
            arguments: ["GROUP?", "QUERY?"]
        ) {
            InsightsScreen(groups: $0.isEmpty ? [] : [$0[0]], query: $0.count > 1 ? $0[1] : nil)
        },
    ]
}
