/// The screens of CloudWatch's metrics by name.
public enum CloudWatchScreens {
    public static let registrations: [ScreenRegistration] = [
        ScreenRegistration(
            "cloudwatch.metrics", "Metrics", summary: "Find metrics and chart up to six of them",
            arguments: ["NAMESPACE?"]
        ) {
            MetricsScreen(namespace: $0.first)
        }
    ]
}
