import TerminalUI
import Views

/// The pictures in `screenshots/`: every main screen on the demo world, and the keys that lead to what it shows.
enum Gallery {
    struct Picture: Sendable {
        var name: String
        var screen: ScreenAddress
        var keys: [Key] = []

        init(_ name: String, _ screen: String, _ arguments: String..., keys: [Key] = []) {
            self.name = name
            self.screen = ScreenAddress(id: screen, arguments: arguments)
            self.keys = keys
        }
    }

    static let pictures = [
        Picture("home", "home"),
        Picture("problems", "problems"),
        Picture("why", "home", keys: ["3"]),
        Picture("queues", "sqs.queues"),
        Picture("queue", "sqs.queue", "orders-dead"),
        Picture("queue-fifo", "sqs.queue", "shipments.fifo"),
        Picture("queue-send", "sqs.queue", "orders", "Send"),
        Picture("topics", "sns.topics"),
        Picture("topic", "sns.topic", "order-events"),
        Picture("outbox", "sns.outbox"),
        Picture("functions", "lambda.functions"),
        Picture("function", "lambda.function", "charge-card"),
        Picture("function-monitor", "lambda.function", "charge-card", "Monitor"),
        Picture("function-test", "lambda.function", "notify-customer", "Test"),
        Picture("machines", "states.machines"),
        Picture("machine", "states.machine", "order-fulfilment"),
        Picture("execution-failed", "states.execution", "order-fulfilment/order-70002"),
        Picture("execution-waiting", "states.execution", "order-fulfilment/order-70001"),
        Picture("definition", "states.machine", "order-fulfilment", "Definition"),
        Picture("test-state", "states.test", "stock-import", "Was it counted?"),
        Picture("map-run", "states.mapruns", "stock-import/first-count", keys: [.enter]),
        Picture("buses", "events.buses"),
        Picture("rule", "events.rule", "failed-orders"),
        Picture("sandbox", "events.sandbox"),
        Picture("pipe", "pipes.pipe", "deliveries"),
        Picture("schedule", "scheduler.schedule", "nightly-stock-import", "shop"),
        Picture("bucket", "s3.bucket", "shop-stock-123456789012"),
        Picture("role", "iam.role", "order-pipeline"),
        Picture("simulator", "iam.simulator", "arn:aws:iam::123456789012:role/stock-report"),
        Picture("metrics", "cloudwatch.metrics", "AWS/Lambda"),
        Picture("alarm", "cloudwatch.alarm", "orders-dead-not-empty"),
        Picture("dashboard", "cloudwatch.dashboard", "order-pipeline"),
        Picture("insights", "logs.insights", "/aws/lambda/charge-card"),
        Picture("log-tail", "logs.tail", "/aws/lambda/price-order"),
        Picture("time", "time"),
        Picture("timeline", "timeline"),
        Picture("trace", "timeline", keys: ["e", .enter]),
        Picture("waterfall", "timeline", keys: ["e", .enter, "2"]),
        Picture("trace-graph", "timeline", keys: ["e", .enter, "3"]),
    ]
}
