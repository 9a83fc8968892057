import AWSModel
import AWSTypes
import Testing

@testable import Emulation

@Suite struct PipeTests {
    private func pipe(_ fixture: EventsFixture, filter: String? = nil, template: String? = nil, target: String = "to")
        throws
    {
        try fixture.engine.call(
            Pipes.createPipe,
            .init(
                name: "p", source: fixture.arn("from"),
                sourceParameters: filter.map { .init(filterCriteria: .init(filters: [.init(pattern: $0)])) },
                target: fixture.arn(target), targetParameters: template.map { .init(inputTemplate: $0) },
                roleArn: EventsFixture.role))
    }

    private func send(_ body: String, _ fixture: EventsFixture) throws {
        try fixture.engine.call(SQS.sendMessage, .init(queueUrl: fixture.url("from"), messageBody: body))
    }

    private func state(_ fixture: EventsFixture) throws -> String? {
        try fixture.engine.call(Pipes.describePipe, .init(name: "p")).currentState
    }

    @Test(arguments: [
        ("kinesis", "sqs", "NotImplemented"), ("sns", "sqs", "ValidationException"),
        ("sqs", "firehose", "NotImplemented"), ("sqs", "iam", "ValidationException"),
    ])
    func whatCannotBeAnEndIsRefused(_ source: String, _ target: String, _ code: String) throws {
        let fixture = try EventsFixture()
        func arn(_ service: String) -> String { "arn:aws:\(service):us-east-1:123456789012:x" }
        let error = fixture.engine.error(
            Pipes.createPipe,
            Pipes.CreatePipeRequest(
                name: "p", source: arn(source), target: arn(target), roleArn: EventsFixture.role))
        #expect(error?.code == code)
        #expect(error?.message.contains(source == "sqs" ? target : source) == true)
    }

    @Test func messagesAreFilteredAndTransformed() throws {
        let fixture = try EventsFixture()
        try fixture.queue("from")
        try fixture.queue("to")
        try pipe(
            fixture, filter: #"{"body":{"kind":["a"]}}"#, template: #"{"got":<$.body.n>,"by":"<aws.pipes.pipe-name>"}"#)
        #expect(try state(fixture) == "CREATING")
        fixture.engine.advance(by: .seconds(2))
        #expect(try state(fixture) == "RUNNING")
        try send(#"{"kind":"a","n":1}"#, fixture)
        try send(#"{"kind":"b","n":2}"#, fixture)
        #expect(try fixture.bodies("to") == [["got": 1, "by": "p"]])
        #expect(try fixture.receive("from").isEmpty)
    }

    @Test func aStoppedPipeLeavesTheQueueAlone() throws {
        let fixture = try EventsFixture()
        try fixture.queue("from")
        try fixture.queue("to")
        try pipe(fixture)
        fixture.engine.advance(by: .seconds(2))
        try fixture.engine.call(Pipes.stopPipe, .init(name: "p"))
        #expect(try state(fixture) == "STOPPING")
        fixture.engine.advance(by: .seconds(2))
        #expect(try state(fixture) == "STOPPED")
        try send("{}", fixture)
        #expect(try fixture.receive("from").count == 1)
    }

    @Test func whatFailsComesBackToTheQueue() throws {
        let fixture = try EventsFixture()
        try fixture.queue("from")
        try pipe(fixture, target: "nowhere")
        fixture.engine.advance(by: .seconds(2))
        try send("{}", fixture)
        #expect(try fixture.receive("from").isEmpty)
        try fixture.engine.call(Pipes.stopPipe, .init(name: "p"))
        fixture.engine.advance(by: .seconds(31))
        #expect(try fixture.receive("from").count == 1)
    }

    @Test func aPipeSurvivesARestart() throws {
        let journal = try Journal(path: nil)
        let before = try EventsFixture(journal: journal)
        try before.queue("from")
        try before.queue("to")
        try pipe(before)
        before.engine.advance(by: .seconds(2))
        let after = try EventsFixture(journal: journal, wall: TestEngine.start + .seconds(3))
        try send(#"{"x":1}"#, after)
        #expect(try after.bodies("to").count == 1)
        #expect(after.engine.error(Pipes.describePipe, .init(name: "q"))?.code == "NotFoundException")
    }
}
