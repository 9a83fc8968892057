/// The screens of CloudWatch's metrics and alarms by name.
public enum CloudWatchScreens {
    public static let registrations: [ScreenRegistration] = [
        ScreenRegistration(
            "cloudwatch.metrics", "Metrics", summary: "Find metrics and chart up to six of them",
            arguments: ["NAMESPACE?"]
        ) {
            MetricsScreen(namespace: $0.first)
        },
        ScreenRegistration("cloudwatch.alarms", "Alarms", summary: "What watches metrics, and what is in alarm") { _ in
            AlarmListScreen()
        },
        ScreenRegistration(
            "cloudwatch.alarm", "Alarm", summary: "One alarm: chart, reason, history", arguments: ["ALARM"]
        ) {
            AlarmScreen(name: $0[0])
        },
        ScreenRegistration(
            "cloudwatch.dashboards", "Dashboards", summary: "Panels of metrics, logs, alarms and text"
        ) { _ in
            DashboardListScreen()
        },
        ScreenRegistration(
            "cloudwatch.dashboard", "Dashboard", summary: "One dashboard, live", arguments: ["DASHBOARD"]
        ) {
            DashboardScreen(name: $0[0])
        },
    ]
}
