import AWSModel
import AWSTypes
import Testing

@testable import Emulation

/// Code signing, destinations beyond queues, code from a bucket, and the role's right to poll.
@Suite struct PushTests {
    private let bench: LambdaBench

    init() throws { bench = try LambdaBench() }

    @Test func enforcedSigningRefusesWhatNobodySigned() throws {
        let made = try bench.call(
            Lambda.createCodeSigningConfig,
            Lambda.CreateCodeSigningConfigRequest(
                allowedPublishers: Lambda.AllowedPublishers(
                    signingProfileVersionArns: ["arn:aws:signer:us-east-1:123456789012:/signing-profiles/p/abc"]),
                codeSigningPolicies: Lambda.CodeSigningPolicies(untrustedArtifactOnDeployment: "Warn"))
        ).codeSigningConfig
        try bench.createFunction { $0.codeSigningConfigArn = made.codeSigningConfigArn }
        let functions = try bench.call(
            Lambda.listFunctionsByCodeSigningConfig,
            Lambda.ListFunctionsByCodeSigningConfigRequest(codeSigningConfigArn: made.codeSigningConfigArn))
        #expect(functions.functionArns == ["arn:aws:lambda:us-east-1:123456789012:function:worker"])
        #expect(
            bench.error(
                Lambda.deleteCodeSigningConfig,
                Lambda.DeleteCodeSigningConfigRequest(codeSigningConfigArn: made.codeSigningConfigArn))?.code
                == "ResourceConflictException")
        _ = try bench.call(
            Lambda.updateCodeSigningConfig,
            Lambda.UpdateCodeSigningConfigRequest(
                codeSigningConfigArn: made.codeSigningConfigArn,
                codeSigningPolicies: Lambda.CodeSigningPolicies(untrustedArtifactOnDeployment: "Enforce")))
        let refused = bench.error(
            Lambda.updateFunctionCode,
            Lambda.UpdateFunctionCodeRequest(
                functionName: "worker", zipFile: LambdaService.deploymentPackage(sources: ["handler.py": "x = 1\n"])))
        #expect(refused?.code == "CodeVerificationFailedException")
        let missing = "arn:aws:lambda:us-east-1:123456789012:code-signing-config:csc-0"
        #expect(
            bench.error(
                Lambda.getCodeSigningConfig, Lambda.GetCodeSigningConfigRequest(codeSigningConfigArn: missing))?.code
                == "ResourceNotFoundException")
        #expect(
            bench.error(
                Lambda.putFunctionCodeSigningConfig,
                Lambda.PutFunctionCodeSigningConfigRequest(codeSigningConfigArn: missing, functionName: "worker"))?.code
                == "CodeSigningConfigNotFoundException")
    }

    @Test func recordsGoToTopicsAndBuses() throws {
        let queue = try bench.createQueue("records")
        let topic = try bench.call(SNS.createTopic, SNS.CreateTopicInput(name: "done")).topicArn ?? ""
        _ = try bench.call(
            SNS.subscribe, SNS.SubscribeInput(topicArn: topic, protocol: "sqs", endpoint: queue.arn))
        _ = try bench.call(
            Events.putRule,
            Events.PutRuleRequest(name: "failures", eventPattern: #"{"source":["lambda"]}"#))
        _ = try bench.call(
            Events.putTargets,
            Events.PutTargetsRequest(rule: "failures", targets: [Events.Target(id: "1", arn: queue.arn)]))
        try bench.createFunction()
        _ = try bench.call(
            Lambda.putFunctionEventInvokeConfig,
            Lambda.PutFunctionEventInvokeConfigRequest(
                functionName: "worker", maximumRetryAttempts: 0,
                destinationConfig: Lambda.DestinationConfig(
                    onSuccess: Lambda.OnSuccess(destination: topic),
                    onFailure: Lambda.OnFailure(
                        destination: "arn:aws:events:us-east-1:123456789012:event-bus/default"))))
        for fails in [false, true] {
            _ = try bench.call(
                Lambda.invoke, Lambda.InvocationRequest(functionName: "worker", invocationType: "Event"))
            bench.end(fails ? LambdaBench.failure : "null", error: fails)
            bench.advance(1)
        }
        let bodies = try bench.receiveAll(queue.url).compactMap(\.body)
        #expect(bodies.count == 2)
        #expect(bodies.contains { $0.contains("Notification") && $0.contains("Success") })
        #expect(bodies.contains { $0.contains("Lambda Function Invocation Result - Failure") })
    }

    @Test func codeComesFromABucket() throws {
        let zip = LambdaService.deploymentPackage(sources: ["handler.py": "def handler(e, c):\n    return 1\n"])
        let from = Lambda.FunctionCode(s3Bucket: "code", s3Key: "worker.zip")
        let missing = #expect(throws: ServiceError.self) { try bench.createFunction { $0.code = from } }
        #expect(
            missing?.message
                == "Error occurred while GetObject. S3 Error Code: NoSuchBucket. S3 Error Message: The specified bucket does not exist"
        )
        _ = try bench.call(S3.createBucket, S3.CreateBucketRequest(["Bucket": "code"]))
        let put = bench.begin(
            S3.putObject, S3.PutObjectRequest(["Bucket": "code", "Key": "worker.zip", "Body": .bytes(zip)]))
        #expect(put.result != nil)
        #expect(try bench.createFunction { $0.code = from }.codeSize == zip.count)
    }

    @Test func aRoleThatMayNotPollSaysSo() throws {
        let queue = try bench.createQueue("orders")
        let trust =
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#
        _ = try bench.call(
            IAM.createRole, IAM.CreateRoleRequest(roleName: "worker", assumeRolePolicyDocument: trust))
        try bench.createFunction()
        bench.engine.core.authorizer.enforcement = .on
        let request = Lambda.CreateEventSourceMappingRequest(eventSourceArn: queue.arn, functionName: "worker")
        #expect(
            bench.error(Lambda.createEventSourceMapping, request)?.message
                == "The provided execution role does not have permissions to call ReceiveMessage on SQS")
        let policy = "arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole"
        _ = try bench.call(
            IAM.attachRolePolicy, IAM.AttachRolePolicyRequest(roleName: "worker", policyArn: policy))
        let mapping = try bench.call(Lambda.createEventSourceMapping, request)
        _ = try bench.call(
            IAM.detachRolePolicy, IAM.DetachRolePolicyRequest(roleName: "worker", policyArn: policy))
        try bench.send("x", to: queue.url)
        #expect(bench.orders.isEmpty)
        let state = try bench.call(
            Lambda.getEventSourceMapping, Lambda.GetEventSourceMappingRequest(uuid: mapping.uuid ?? ""))
        #expect(state.lastProcessingResult?.contains("does not have permission to call ReceiveMessage") == true)
        _ = try bench.call(
            IAM.attachRolePolicy, IAM.AttachRolePolicyRequest(roleName: "worker", policyArn: policy))
        bench.advance(2)
        #expect(bench.orders.count == 1)
    }
}
