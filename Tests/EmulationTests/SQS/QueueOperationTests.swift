import AWSModel
import AWSTypes
import Foundation
import Testing

@testable import Emulation

@Suite struct QueueOperationTests {
    @Test func defaultsAreTodaysAWSs() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q")
        #expect(
            try sqs.attributes(url) == [
                "QueueArn": sqs.arn("q"), "ApproximateNumberOfMessages": "0",
                "ApproximateNumberOfMessagesNotVisible": "0", "ApproximateNumberOfMessagesDelayed": "0",
                "CreatedTimestamp": "1767225600", "LastModifiedTimestamp": "1767225600", "VisibilityTimeout": "30",
                "MaximumMessageSize": "1048576", "MessageRetentionPeriod": "345600", "DelaySeconds": "0",
                "ReceiveMessageWaitTimeSeconds": "0", "SqsManagedSseEnabled": "true",
            ])
        #expect(try sqs.attributes(url, []).isEmpty)
        let fifo = try sqs.attributes(try sqs.queue("q.fifo"))
        #expect(fifo["FifoQueue"] == "true" && fifo["DeduplicationScope"] == "queue")
        #expect(fifo["FifoThroughputLimit"] == "perQueue" && fifo["ContentBasedDeduplication"] == "false")
    }

    @Test func creatingAgainNeedsEqualAttributes() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q", ["DelaySeconds": "1"])
        #expect(try sqs.queue("q") == url)
        #expect(try sqs.queue("q", ["DelaySeconds": "1"]) == url)
        let error = sqs.error(
            SQS.createQueue, SQS.CreateQueueRequest(queueName: "q", attributes: ["DelaySeconds": "2"]))
        #expect(error?.code == "QueueNameExists")
        #expect(error?.queryCode == "QueueAlreadyExists")
        #expect(
            error?.message
                == "A queue already exists with the same name and a different value for attribute DelaySeconds")
    }

    @Test func aDeletedNameIsTakenForAMinute() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q")
        try sqs.send(url, "a")
        try sqs.engine.call(SQS.deleteQueue, SQS.DeleteQueueRequest(queueUrl: url))
        let gone = sqs.error(SQS.sendMessage, SQS.SendMessageRequest(queueUrl: url, messageBody: "x"))
        #expect(gone?.queryCode == "AWS.SimpleQueueService.NonExistentQueue")
        #expect(gone?.message == "The specified queue does not exist.")
        sqs.engine.advance(by: .seconds(59))
        let early = sqs.error(SQS.createQueue, SQS.CreateQueueRequest(queueName: "q"))
        #expect(early?.queryCode == "AWS.SimpleQueueService.QueueDeletedRecently")
        sqs.engine.advance(by: .seconds(1))
        #expect(try sqs.counts(try sqs.queue("q")) == [0, 0, 0])
    }

    @Test(arguments: ["", "a b", "x.fifo", "über", String(repeating: "n", count: 81)])
    func badNamesAreRefused(_ name: String) throws {
        let sqs = try SQSFixture()
        #expect(sqs.error(SQS.createQueue, SQS.CreateQueueRequest(queueName: name)) != nil)
    }

    @Test(arguments: [
        ["DelaySeconds": "901"], ["DelaySeconds": "x"], ["VisibilityTimeout": "43201"], ["MaximumMessageSize": "1023"],
        ["MaximumMessageSize": "1048577"], ["MessageRetentionPeriod": "59"], ["ReceiveMessageWaitTimeSeconds": "21"],
        ["Policy": "no json"], ["FifoQueue": "false"], ["ContentBasedDeduplication": "true"], ["Nonsense": "1"],
        ["QueueArn": "x"], ["DeduplicationScope": "queue"], ["SqsManagedSseEnabled": "true", "KmsMasterKeyId": "k"],
    ])
    func badAttributesAreRefused(_ attributes: [String: String]) throws {
        let sqs = try SQSFixture()
        let error = sqs.error(SQS.createQueue, SQS.CreateQueueRequest(queueName: "q", attributes: attributes))
        #expect(["InvalidAttributeName", "InvalidAttributeValue"].contains(error?.code))
        let url = try sqs.queue("p")
        #expect(
            sqs.error(SQS.setQueueAttributes, SQS.SetQueueAttributesRequest(queueUrl: url, attributes: attributes))
                != nil)
    }

    @Test func encryptionIsOneOrTheOther() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q", ["KmsMasterKeyId": "testKeyId", "KmsDataKeyReusePeriodSeconds": "6000"])
        let names = ["KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds", "SqsManagedSseEnabled"]
        #expect(
            try sqs.attributes(url, names) == [
                "KmsMasterKeyId": "testKeyId", "KmsDataKeyReusePeriodSeconds": "6000", "SqsManagedSseEnabled": "false",
            ])
        let error = sqs.error(
            SQS.setQueueAttributes,
            SQS.SetQueueAttributesRequest(queueUrl: url, attributes: ["SqsManagedSseEnabled": "true"]))
        #expect(
            error?.message
                == "You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE."
        )
    }

    @Test func listsComeInPages() throws {
        let sqs = try SQSFixture()
        for name in ["b", "a2", "a1"] { _ = try sqs.queue(name) }
        let all = try sqs.engine.call(SQS.listQueues, SQS.ListQueuesRequest())
        #expect(all.queueUrls?.map { $0.split(separator: "/").last.map(String.init) } == ["a1", "a2", "b"])
        #expect(all.nextToken == nil)
        let first = try sqs.engine.call(SQS.listQueues, SQS.ListQueuesRequest(queueNamePrefix: "a", maxResults: 1))
        #expect(first.queueUrls?.count == 1)
        let second = try sqs.engine.call(
            SQS.listQueues, SQS.ListQueuesRequest(queueNamePrefix: "a", nextToken: first.nextToken, maxResults: 1))
        #expect(second.queueUrls?.first?.hasSuffix("/a2") == true)
        #expect(second.nextToken == nil)
        let none = try sqs.engine.call(SQS.listQueues, SQS.ListQueuesRequest(queueNamePrefix: "zzz"))
        #expect(none.document.isEmpty)
    }

    @Test func queuesAreFoundByNameUrlAndOwner() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q")
        #expect(try sqs.engine.call(SQS.getQueueUrl, SQS.GetQueueUrlRequest(queueName: "q")).queueUrl == url)
        #expect(try sqs.attributes("q", ["QueueArn"]) == ["QueueArn": sqs.arn("q")])
        #expect(try sqs.attributes("https://sqs.us-east-1.amazonaws.com/123456789012/q", ["QueueArn"]).count == 1)
        let elsewhere = sqs.error(
            SQS.getQueueUrl, SQS.GetQueueUrlRequest(queueName: "q", queueOwnerAWSAccountId: "210987654321"))
        #expect(elsewhere?.code == "QueueDoesNotExist")
        #expect(
            sqs.error(SQS.purgeQueue, SQS.PurgeQueueRequest(queueUrl: ""))?.message
                == "The request must contain the parameter QueueUrl.")
        #expect(sqs.error(SQS.purgeQueue, SQS.PurgeQueueRequest(queueUrl: "http://x/y/q"))?.code == "InvalidAddress")
    }

    @Test func permissionsAreStatementsOfThePolicy() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q")
        func add(_ label: String, _ accounts: [String]) -> ServiceError? {
            sqs.error(
                SQS.addPermission,
                SQS.AddPermissionRequest(
                    queueUrl: url, label: label, awsAccountIds: accounts, actions: ["ReceiveMessage"]))
        }
        #expect(add("cross", ["111111111111", "668614515564"]) == nil)
        #expect(
            try sqs.attributes(url, ["Policy"])["Policy"]
                == #"{"Version":"2008-10-17","Id":"\#(sqs.arn("q"))/SQSDefaultPolicy","Statement":[{"Sid":"cross","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::111111111111:root","arn:aws:iam::668614515564:root"]},"Action":"SQS:ReceiveMessage","Resource":"\#(sqs.arn("q"))"}]}"#
        )
        #expect(
            add("cross", ["111111111111"])?.message
                == "Value cross for parameter Label is invalid. Reason: Already exists.")
        try sqs.engine.call(SQS.removePermission, SQS.RemovePermissionRequest(queueUrl: url, label: "cross"))
        #expect(try sqs.attributes(url, ["Policy"]).isEmpty)
        #expect(
            sqs.error(SQS.removePermission, SQS.RemovePermissionRequest(queueUrl: url, label: "cross"))?.message
                == "Value cross for parameter Label is invalid. Reason: can't find label on existing policy.")
    }

    @Test func tags() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q")
        func list() throws -> [String: String]? {
            try sqs.engine.call(SQS.listQueueTags, SQS.ListQueueTagsRequest(queueUrl: url)).tags
        }
        #expect(try list() == nil)
        try sqs.engine.call(SQS.tagQueue, SQS.TagQueueRequest(queueUrl: url, tags: ["a": "1", "b": "2"]))
        try sqs.engine.call(SQS.untagQueue, SQS.UntagQueueRequest(queueUrl: url, tagKeys: ["a", "z"]))
        #expect(try list() == ["b": "2"])
        #expect(
            sqs.error(SQS.untagQueue, SQS.UntagQueueRequest(queueUrl: url, tagKeys: []))?.message
                == "Tag keys must be between 1 and 128 characters in length.")
    }

    @Test func attributesCannotBeLists() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q")
        for attribute in [
            SQS.MessageAttributeValue(stringListValues: ["a"], dataType: "String"),
            SQS.MessageAttributeValue(binaryListValues: [[1]], dataType: "Binary"),
        ] {
            let error = sqs.error(
                SQS.sendMessage,
                SQS.SendMessageRequest(queueUrl: url, messageBody: "x", messageAttributes: ["a": attribute]))
            #expect(error?.queryCode == "AWS.SimpleQueueService.UnsupportedOperation")
            #expect(error?.message == "Message attribute list values in SendMessage operation are not supported.")
        }
    }

    @Test func batchFaultsInAWSsWords() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q")
        func error(_ ids: [String], body: String = "x") -> ServiceError? {
            sqs.error(
                SQS.sendMessageBatch,
                SQS.SendMessageBatchRequest(
                    queueUrl: url, entries: ids.map { SQS.SendMessageBatchRequestEntry(id: $0, messageBody: body) }))
        }
        #expect(error([])?.queryCode == "AWS.SimpleQueueService.EmptyBatchRequest")
        #expect(
            error((0..<20).map(String.init))?.message
                == "Maximum number of entries per request are 10. You have sent 20.")
        #expect(error(["a", "a"])?.queryCode == "AWS.SimpleQueueService.BatchEntryIdsNotDistinct")
        #expect(error(["invalid:id"])?.queryCode == "AWS.SimpleQueueService.InvalidBatchEntryId")
        let half = String(repeating: "a", count: 524_288)
        #expect(error(["a", "b"], body: half) == nil)
        #expect(
            error(["a", "b"], body: half + "a")?.message
                == "Batch requests cannot be longer than 1048576 bytes. You have sent 1048578 bytes.")
    }

    @Test func parametersOutOfRange() throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q", ["MaximumMessageSize": "1024"])
        #expect(
            sqs.error(SQS.receiveMessage, SQS.ReceiveMessageRequest(queueUrl: url, maxNumberOfMessages: 11))?.message
                == "Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided."
        )
        #expect(
            sqs.error(SQS.receiveMessage, SQS.ReceiveMessageRequest(queueUrl: url, waitTimeSeconds: 21))?.message
                == "Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.")
        #expect(
            sqs.error(
                SQS.sendMessage, SQS.SendMessageRequest(queueUrl: url, messageBody: String(repeating: "a", count: 1025))
            )?
            .message == "One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.")
        #expect(
            sqs.error(SQS.sendMessage, SQS.SendMessageRequest(queueUrl: url, messageBody: ""))?.queryCode
                == "MissingParameter")
        #expect(
            sqs.error(SQS.deleteMessage, SQS.DeleteMessageRequest(queueUrl: url, receiptHandle: "garbage"))?.code
                == "ReceiptHandleIsInvalid")
    }

    @Test(arguments: [
        ("aws.x", "String", "v"), (".x", "String", "v"), ("x", "", "v"), ("x", "Text", "v"), ("x", "Number", "seven"),
        ("x", "String", ""), ("a b", "String", "v"), ("x", "Binary", "v"),
    ])
    func badMessageAttributesAreRefused(_ name: String, _ type: String, _ value: String) throws {
        let sqs = try SQSFixture()
        let url = try sqs.queue("q")
        let error = sqs.error(
            SQS.sendMessage,
            SQS.SendMessageRequest(
                queueUrl: url, messageBody: "x",
                messageAttributes: [name: SQS.MessageAttributeValue(stringValue: value, dataType: type)]))
        #expect(error?.queryCode == "InvalidParameterValue")
    }

    @Test func allModelledOperationsAreBuilt() throws {
        let sqs = try SQSFixture()
        #expect(sqs.service.operations.names.count == 23)
    }

    /// The digests of messages that AWS signed.
    @Test func attributeDigestsMatchRecordedOnes() throws {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<5 { root.deleteLastPathComponent() }
        let file = root.appendingPathComponent("shared/conformance/sqs_md5_vectors.json")
        guard let data = try? Data(contentsOf: file) else {
            print("0 digest vectors: \(file.lastPathComponent) is not there")
            return
        }
        let vectors = try #require(try JSONReader.parse(Array(data)).list)
        for vector in vectors {
            var attributes: [String: SQS.MessageAttributeValue] = [:]
            for (name, value) in vector["attributes"]?.object ?? [:] {
                attributes[name] = SQS.MessageAttributeValue(
                    stringValue: value["StringValue"]?.string,
                    binaryValue: value["BinaryValue_b64"]?.string.flatMap(Base64.decode),
                    dataType: value["DataType"]?.string ?? "")
            }
            let stored = try MessageAttributeValidation.checked(attributes)
            #expect(MessageDigest.md5(ofSorted: stored) == vector["md5"]?.string)
        }
        print("\(vectors.count) digest vectors")
    }
}
