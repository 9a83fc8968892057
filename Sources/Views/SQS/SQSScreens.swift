/// The screens of SQS by name.
public enum SQSScreens {
    public static let registrations: [ScreenRegistration] = [
        ScreenRegistration("sqs.queues", "SQS queues", summary: "Queues with their messages, dead letters and age") {
            _ in
            QueueListScreen()
        },
        ScreenRegistration(
            "sqs.queue", "Queue", summary: "Messages without receiving them, send, receive, redrive, charts, settings",
            arguments: ["QUEUE", "TAB?"]
        ) {
            QueueScreen(name: $0[0], tab: $0.count > 1 ? $0[1] : nil)
        },
    ]
}
