import Emulation
import Testing

@testable import Runtimes

/// What AWS SDKs inside handlers say to the endpoint, and what handlers get back.
@Suite(.serialized)
struct SDKTests {
    /// Runs one Node handler against a stub; gives the outcome and what the stub was asked.
    private func node(
        _ code: String, module: Bool = false, sandboxed: Bool = true,
        _ answer: @escaping @Sendable (ServiceStub.Request) -> ServiceStub.Reply
    ) async throws -> (Outcome, [ServiceStub.Request]) {
        let stub = try await ServiceStub(answer)
        let bench = try FunctionBench(sandboxed: sandboxed)
        let function = try bench.function(
            "sdk", runtime: "nodejs22.x", handler: "index.handler", files: [module ? "index.mjs" : "index.js": code]
        ) { $0.endpointURL = stub.url }
        let outcome = await bench.invoke(function, #"{"n":1}"#)
        await bench.end()
        try await stub.close()
        return (outcome, stub.requests)
    }

    @Test(.enabled(if: detectedHost.node != nil, "no node on this host"))
    func version2WithPromisesAndCallbacks() async throws {
        let (outcome, requests) = try await node(
            """
            const AWS = require('aws-sdk');
            AWS.config.update({ region: 'eu-west-1' });
            const sqs = new AWS.SQS({ apiVersion: '2012-11-05' });
            exports.handler = (event, context, callback) => {
              sqs.sendMessage({ QueueUrl: 'q', MessageBody: 'hi' }).promise().then((sent) => {
                new AWS.StepFunctions().startExecution({ stateMachineArn: 'm', input: '{}' }, (error, started) => {
                  callback(error, { id: sent.MessageId, isDate: started.startDate instanceof Date });
                });
              });
            };
            """
        ) { request in
            request.headers["x-amz-target"] == "AmazonSQS.SendMessage"
                ? .init(body: #"{"MessageId":"m-1"}"#) : .init(body: #"{"executionArn":"e","startDate":1700000000.5}"#)
        }
        #expect(outcome.payload == #"{"id":"m-1","isDate":true}"#, "\(outcome.payload)")
        try #require(requests.count == 2)
        #expect(requests[0].body == #"{"QueueUrl":"q","MessageBody":"hi"}"#)
        #expect(requests[0].headers["content-type"] == "application/x-amz-json-1.0")
        #expect(requests[0].headers["x-amz-security-token"] == "token")
        #expect(requests[0].headers["authorization"]?.hasPrefix("AWS4-HMAC-SHA256 Credential=ASIAEXAMPLE/") == true)
        #expect(
            requests[0].headers["authorization"]?.contains(
                "/eu-west-1/sqs/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, Signature="
            ) == true)
        #expect(requests[1].headers["x-amz-target"] == "AWSStepFunctions.StartExecution")
    }

    @Test(.enabled(if: detectedHost.node != nil, "no node on this host"), arguments: [true, false])
    func version3ByImport(sandboxed: Bool) async throws {
        let (outcome, requests) = try await node(
            """
            import { SQSClient, SendMessageCommand, QueueDoesNotExist } from '@aws-sdk/client-sqs';
            import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
            import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
            const sqs = new SQSClient({});
            const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));
            export const handler = async () => {
              const { Item } = await table.send(new GetCommand({ TableName: 't', Key: { id: 7 } }));
              try {
                await sqs.send(new SendMessageCommand({ QueueUrl: 'q', MessageBody: 'x' }));
              } catch (error) {
                return [Item, error.name, error.message, error.code, error.$metadata.httpStatusCode, error.$metadata.requestId,
                        error instanceof QueueDoesNotExist, error instanceof Error];
              }
            };
            """, module: true, sandboxed: sandboxed
        ) { request in
            request.headers["x-amz-target"] == "DynamoDB_20120810.GetItem"
                ? .init(body: #"{"Item":{"id":{"N":"7"},"tags":{"L":[{"S":"a"},{"NULL":true}]}}}"#)
                : .init(
                    status: 400, headers: ["x-amzn-query-error": "AWS.SimpleQueueService.NonExistentQueue;Sender"],
                    body:
                        #"{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"The specified queue does not exist."}"#
                )
        }
        #expect(
            outcome.payload
                == #"[{"id":7,"tags":["a",null]},"QueueDoesNotExist","The specified queue does not exist.","AWS.SimpleQueueService.NonExistentQueue",400,"11111111-2222-3333-4444-555555555555",true,true]"#,
            "\(outcome.payload) \(outcome.lines)")
        #expect(requests.first?.body == #"{"TableName":"t","Key":{"id":{"N":"7"}}}"#)
    }

    @Test(.enabled(if: detectedHost.node != nil, "no node on this host"))
    func queryAndRest() async throws {
        let (outcome, requests) = try await node(
            """
            const { SNSClient, PublishCommand, ListTopicsCommand } = require('@aws-sdk/client-sns');
            const { Lambda } = require('@aws-sdk/client-lambda');
            const { EventBridge } = require('@aws-sdk/client-eventbridge');
            const { CloudWatchClient, PutMetricDataCommand } = require('@aws-sdk/client-cloudwatch');
            exports.handler = async () => {
              const sns = new SNSClient();
              const sent = await sns.send(new PublishCommand({ TopicArn: 'arn:t', Message: 'a b&c', MessageAttributes: { k: { DataType: 'String', StringValue: 'v' } } }));
              const topics = await sns.send(new ListTopicsCommand({}));
              const invoked = await new Lambda().invoke({ FunctionName: 'f:live', Payload: JSON.stringify({ a: 1 }), Qualifier: '2' });
              await new EventBridge().putEvents({ Entries: [{ Detail: '{}', Time: new Date(1000) }] });
              await new CloudWatchClient().send(new PutMetricDataCommand({ Namespace: 'n' }));
              return [sent.MessageId, topics.Topics, invoked.StatusCode, invoked.Payload.transformToString(), JSON.parse(Buffer.from(invoked.Payload)).ok];
            };
            """
        ) { request in
            if request.body.contains("Action=Publish") {
                return .init(
                    body:
                        "<PublishResponse><PublishResult><MessageId>m&amp;1</MessageId></PublishResult></PublishResponse>"
                )
            }
            if request.body.contains("Action=ListTopics") {
                return .init(
                    body:
                        "<?xml version=\"1.0\"?>\n<ListTopicsResponse xmlns=\"x\"><ListTopicsResult><Topics>\n<member><TopicArn>arn:t</TopicArn></member></Topics></ListTopicsResult></ListTopicsResponse>"
                )
            }
            return .init(body: #"{"ok":true}"#)
        }
        #expect(outcome.payload == #"["m&1",[{"TopicArn":"arn:t"}],200,"{\"ok\":true}",true]"#, "\(outcome.payload)")
        try #require(requests.count == 5)
        #expect(
            requests[0].body
                == "Action=Publish&Version=2010-03-31&TopicArn=arn%3At&Message=a+b%26c&MessageAttributes.entry.1.Name=k&MessageAttributes.entry.1.Value.DataType=String&MessageAttributes.entry.1.Value.StringValue=v"
        )
        #expect(requests[2].path == "/2015-03-31/functions/f:live/invocations?Qualifier=2")
        #expect(requests[2].body == #"{"a":1}"#)
        #expect(requests[3].body == #"{"Entries":[{"Detail":"{}","Time":1}]}"#)
        #expect(requests[4].headers["x-amz-target"] == "GraniteServiceVersion20100801.PutMetricData")
    }

    @Test(.enabled(if: detectedHost.node != nil, "no node on this host"))
    func theFunctionsOwnPackageWins() async throws {
        try await withBench { bench in
            let function = try bench.function(
                "own", runtime: "nodejs22.x", handler: "index.handler",
                files: [
                    "index.js":
                        "const { SQSClient } = require('@aws-sdk/client-sqs'); exports.handler = async () => SQSClient;",
                    "node_modules/@aws-sdk/client-sqs/index.js": "exports.SQSClient = 'mine';",
                ])
            #expect(await bench.invoke(function).payload == "\"mine\"")
            let unknown = try bench.function(
                "unknown", runtime: "nodejs22.x", handler: "index.handler",
                files: ["index.js": "require('@aws-sdk/client-quantum'); exports.handler = async () => 1;"])
            #expect(await bench.invoke(unknown).payload.contains("Cannot find module '@aws-sdk/client-quantum'"))
        }
    }

    @Test(.enabled(if: detectedHost.python != nil, "no python3 on this host"))
    func boto3FindsTheEndpointByItself() async throws {
        guard let python = detectedHost.python,
            outputLines(python.path, ["-c", "import boto3; print('yes')"]) == ["yes"]
        else {
            print("skipped 1 check: no boto3 on this host")
            return
        }
        let stub = try await ServiceStub { _ in .init(body: #"{"QueueUrls":["http://q/1"]}"#) }
        try await withBench { bench in
            let function = try bench.function(
                "boto", runtime: "python3.13", handler: "app.handler",
                files: [
                    "app.py":
                        "import boto3\nsqs = boto3.client('sqs')\ndef handler(event, context):\n    return sqs.list_queues()['QueueUrls']\n"
                ]
            ) { $0.endpointURL = stub.url }
            #expect(await bench.invoke(function).payload == #"["http://q/1"]"#)
            #expect(stub.requests.first?.headers["x-amz-target"] == "AmazonSQS.ListQueues")
            #expect(stub.requests.first?.headers["authorization"]?.contains("Credential=ASIAEXAMPLE/") == true)
        }
        try await stub.close()
    }
}
