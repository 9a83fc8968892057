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
        Picture("topics", "sns.topics"),
        Picture("functions", "lambda.functions"),
        Picture("function", "lambda.function", "charge-card"),
        Picture("function-test", "lambda.function", "notify-customer", "Test"),
        Picture("machines", "states.machines"),
        Picture("machine", "states.machine", "order-fulfilment"),
        Picture("execution-failed", "states.execution", "order-fulfilment/order-70002"),
        Picture("execution-waiting", "states.execution", "order-fulfilment/order-70001"),
        Picture("metrics", "cloudwatch.metrics", "AWS/Lambda"),
        Picture("log-tail", "logs.tail", "/aws/lambda/price-order"),
        Picture("time", "time"),
        Picture("timeline", "timeline"),
        Picture("trace", "timeline", keys: ["e", .enter]),
        Picture("waterfall", "timeline", keys: ["e", .enter, "2"]),
        Picture("trace-graph", "timeline", keys: ["e", .enter, "3"]),
    ]
}
