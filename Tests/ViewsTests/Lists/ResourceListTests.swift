import AWSClient
import AWSModel
import AWSTypes
import Synchronization
import TerminalUI
import Testing

@testable import Views

/// Long lists of an endpoint elsewhere: read as one scrolls, and no further.
@Suite struct ResourceListTests {
    private static let pages = 5
    private static let pageSize = 1000

    private func services() -> CannedServices {
        let services = CannedServices()
        services.answer(SQS.listQueues) { input in
            let page = input.nextToken.flatMap { Int($0) } ?? 0
            let urls = (0..<Self.pageSize).map { index in
                let number = String(page * Self.pageSize + index)
                return "http://sqs/123456789012/queue-\(String(repeating: "0", count: 6 - number.count))\(number)"
            }
            return .init(queueUrls: urls, nextToken: page + 1 < Self.pages ? String(page + 1) : nil)
        }
        services.answer(SQS.getQueueAttributes) { input in
            .init(attributes: [
                "QueueArn": "arn:aws:sqs:us-east-1:123456789012:\(ResourceName.last(of: input.queueUrl))",
                "ApproximateNumberOfMessages": String(input.queueUrl.suffix(2)),
            ])
        }
        return services
    }

    private func console(_ services: CannedServices) async -> (TestTerminal, ConsoleApplication) {
        let terminal = TestTerminal(size: .standard)
        let console = ConsoleApplication(
            driver: terminal, catalog: ScreenCatalog([]), root: QueueListScreen(),
            context: services.context(hasEngine: false), status: CannedServices.status
        ) { _ in throw CancellationError() }
        await console.begin()
        return (terminal, console)
    }

    @Test func `a page is read, and the next when one comes near its end`() async {
        let services = services()
        let (terminal, console) = await console(services)
        #expect(services.inputs(SQS.listQueues).count == 1)
        #expect(terminal.text.contains("1,000+"))
        await console.press("G")
        #expect(services.inputs(SQS.listQueues).count == 2)
        await console.press("G", "G")
        #expect(services.inputs(SQS.listQueues).map(\.nextToken) == [nil, "1", "2", "3"])
        #expect(terminal.text.contains("4,000+"))
    }

    @Test func `details are read for what is in view`() async {
        let services = services()
        let (terminal, console) = await console(services)
        await console.press("G")
        let before = services.inputs(SQS.getQueueAttributes).count
        await console.press("G")
        await console.press("j", "j")
        let read = services.inputs(SQS.getQueueAttributes).count - before
        #expect(read > 0 && read <= 200, "\(read) of 3,000 rows")
        #expect(terminal.text.contains("queue-"))
    }

    @Test func `whoever filters means the whole list`() async {
        let services = services()
        let (terminal, console) = await console(services)
        await console.press("/")
        await console.type("queue-0049")
        #expect(services.inputs(SQS.listQueues).count == Self.pages)
        #expect(terminal.text.contains("100 of 5,000"))
        await console.press(.enter, "*")
        #expect(terminal.text.contains("100 marked"))
    }

    @Test func `what is read anew keeps what was known, and the selection`() async {
        let services = services()
        let (terminal, console) = await console(services)
        await console.press("j", "j", "j", "r")
        #expect(terminal.text.contains("› queue-000003"))
        #expect(services.inputs(SQS.listQueues).count == 2)
    }
}
