import AWSModel
import AWSTypes
import Testing

@testable import Emulation

@Suite struct QueuePolicyTests {
    private func refusal(_ name: String, _ value: String) throws -> ServiceError? {
        let sqs = try SQSFixture()
        return sqs.error(SQS.createQueue, SQS.CreateQueueRequest(queueName: "q", attributes: [name: value]))
    }

    private let statement =
        #"{"Sid":"s","Effect":"Allow","Principal":{"AWS":["123456789012"]},"Action":"sqs:SendMessage","Resource":"*"}"#

    @Test func policiesHaveAShape() throws {
        #expect(try refusal("Policy", #"{"Version":"2008-10-17","Statement":\#(statement)}"#) == nil)
        #expect(try refusal("Policy", #"{"Id":"i","Version":"2012-10-17","Statement":[\#(statement)]}"#) == nil)
        for policy in [
            "[]", "null", #"{"Version":"2012-10-17"}"#, #"{"Version":"2012-10-17","Statement":[]}"#,
            #"{"Version":"4532-10-17","Statement":[\#(statement)]}"#,
            #"{"Version":"2012-10-17","Statement":[\#(statement)],"More":1}"#,
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","more":1}]}"#,
            #"{"Version":"2012-10-17","Statement":{"Effect":"Maybe","Action":"*"}}"#,
        ] {
            #expect(try refusal("Policy", policy)?.message == "Invalid value for the parameter Policy.", "\(policy)")
        }
        let many = Array(repeating: statement, count: 22).joined(separator: ",")
        let error = try refusal("Policy", #"{"Version":"2012-10-17","Statement":[\#(many)]}"#)
        #expect(error?.code == "OverLimit" && error?.status == 403)
        #expect(error?.message == "22 statements were found in the submitted policy, max allowed is 20")
    }

    @Test func redriveAllowPoliciesAreRefusedInAWSsWords() throws {
        for policy in [
            "444", "badjson", "[]", "{}", #"{"redrivePermission":"dummy"}"#,
            #"{"redrivePermission":"allowAll","more":"value"}"#,
            #"{"redrivePermission":"byQueue","sourceQueueArns":"arn:aws:sqs"}"#,
            #"{"redrivePermission":"byQueue","sourceQueueArns":[{"a":"b"}]}"#,
        ] {
            #expect(
                try refusal("RedriveAllowPolicy", policy)?.message
                    == "Invalid value for the parameter RedriveAllowPolicy. Reason: Amazon SQS can't create the redrive allow policy, as it’s in an unsupported format.",
                "\(policy)")
        }
        let arns = (0..<11).map { #""arn:aws:sqs:us-east-1:123456789012:x\#($0)""# }.joined(separator: ",")
        for (policy, reason) in [
            (
                #"{"redrivePermission":"byQueue"}"#,
                "When you specify the byQueue permission type, you must also specify one or more sourceQueueArns values."
            ),
            (
                #"{"redrivePermission":"byQueue","sourceQueueArns":[\#(arns)]}"#,
                "The maximum number of source queue ARNs you can specify is 10."
            ),
            (
                #"{"redrivePermission":"denyAll","sourceQueueArns":["arn:aws:sqs:us-east-1:123456789012:x"]}"#,
                "To specify one or more source queue ARNs, you must set redrivePermission to byQueue."
            ),
        ] {
            #expect(
                try refusal("RedriveAllowPolicy", policy)?.message
                    == "Value \(policy) for parameter RedriveAllowPolicy is invalid. Reason: Amazon SQS can't create the redrive allow policy. \(reason)"
            )
        }
    }

    @Test func furtherRefusalsInAWSsWords() throws {
        let sqs = try SQSFixture()
        let dead = try sqs.queue("dead")
        _ = try sqs.queue("q", ["RedrivePolicy": #"{"deadLetterTargetArn":"\#(sqs.arn("dead"))","maxReceiveCount":3}"#])
        #expect(
            sqs.error(SQS.createQueue, SQS.CreateQueueRequest(queueName: ""))?.message
                == "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length")
        #expect(
            sqs.error(SQS.getQueueUrl, SQS.GetQueueUrlRequest(queueName: ""))?.message
                == "Value for parameter QueueName is invalid. Reason: Must specify a queue name.")
        #expect(
            sqs.error(SQS.listQueues, SQS.ListQueuesRequest(maxResults: 1001))?.message
                == "Value for parameter MaxResults is invalid. Reason: MaxResults must be an integer between 1 and 1000."
        )
        #expect(
            sqs.error(
                SQS.listDeadLetterSourceQueues,
                SQS.ListDeadLetterSourceQueuesRequest(queueUrl: dead, nextToken: "?", maxResults: 1))?.message
                == "Invalid or expired next token.")
        func move(_ destination: String?, _ rate: Int? = nil) -> String? {
            sqs.error(
                SQS.startMessageMoveTask,
                SQS.StartMessageMoveTaskRequest(
                    sourceArn: sqs.arn("dead"), destinationArn: destination, maxNumberOfMessagesPerSecond: rate))?
                .message
        }
        _ = try sqs.queue("d.fifo", ["FifoQueue": "true"])
        #expect(move(sqs.arn("dead")) == "Source queue arn and destination queue arn cannot be the same.")
        #expect(
            move(sqs.arn("d.fifo")) == "The source queue and destination queue must be of the same queue type.")
        #expect(move("")?.hasPrefix("You must use this format to specify the DestinationArn: arn:") == true)
        #expect(
            move(nil, 501)
                == "Value for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: You must enter a number that's between 1 and 500."
        )
        let batch = try sqs.engine.call(
            SQS.sendMessageBatch,
            SQS.SendMessageBatchRequest(
                queueUrl: dead, entries: [SQS.SendMessageBatchRequestEntry(id: "a", messageBody: "")]))
        #expect(
            batch.failed.first?.message
                == "The request must contain the parameter SendMessageBatchRequestEntry.1.MessageBody.")
    }
}
