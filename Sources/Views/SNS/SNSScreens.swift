/// The screens of SNS by name.
public enum SNSScreens {
    public static let registrations: [ScreenRegistration] = [
        ScreenRegistration("sns.topics", "SNS topics", summary: "Topics and how many listen to them") { _ in
            TopicListScreen()
        },
        ScreenRegistration(
            "sns.topic", "Topic", summary: "Subscriptions, publish, deliveries, filter tester, charts, policy",
            arguments: ["TOPIC", "TAB?"]
        ) {
            TopicScreen(name: $0[0], tab: $0.count > 1 ? $0[1] : nil)
        },
        ScreenRegistration(
            "sns.outbox", "Outbox", summary: "Mails, texts and pushes that would have been sent, to be read"
        ) { _ in
            OutboxScreen()
        },
    ]
}
