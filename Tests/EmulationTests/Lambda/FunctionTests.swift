import AWSModel
import AWSTypes
import Foundation
import Testing

@testable import Emulation

@Suite struct FunctionTests {
    @Test func creationAnswersPendingThenBecomesActive() throws {
        let bench = try LambdaBench()
        let created = try bench.createFunction()
        #expect(created.state == "Pending")
        #expect(created.stateReasonCode == "Creating")
        #expect(created.stateReason == "The function is being created.")
        #expect(created.functionArn == "arn:aws:lambda:us-east-1:123456789012:function:worker")
        #expect(created.timeout == 3)
        #expect(created.memorySize == 128)
        #expect(created.ephemeralStorage?.size == 512)
        #expect(created.loggingConfig?.logGroup == "/aws/lambda/worker")
        #expect(created.tracingConfig?.mode == "PassThrough")
        #expect(created.lastModified == "2026-03-02T10:00:00.000+0000")
        let read = try bench.call(Lambda.getFunction, Lambda.GetFunctionRequest(functionName: "worker"))
        #expect(read.configuration?.state == "Active")
        #expect(read.configuration?.lastUpdateStatus == "Successful")
        let token = String(read.code?.location?.split(separator: "/").last ?? "")
        #expect(bench.lambda.codeArchive(token: token)?.count == created.codeSize)
        let files = try bench.lambda.codeFiles(ofFunction: "worker", qualifier: nil, from: bench.engine.caller.scope)
        #expect(files.map(\.path) == ["handler.py"])
    }

    @Test func createRefusals() throws {
        let bench = try LambdaBench()
        try bench.createFunction()
        func refusal(_ change: (inout Lambda.CreateFunctionRequest) -> Void) -> ServiceError? {
            var request = Lambda.CreateFunctionRequest(
                functionName: "other", runtime: "python3.13", role: LambdaBench.role, handler: "a.b",
                code: Lambda.FunctionCode(zipFile: LambdaService.deploymentPackage(sources: ["a.py": ""])))
            change(&request)
            return bench.error(Lambda.createFunction, request)
        }
        #expect(refusal { $0.functionName = "worker" }?.message == "Function already exist: worker")
        #expect(refusal { $0.functionName = "worker" }?.status == 409)
        #expect(
            refusal {
                $0.runtime = "python3.8"; $0.functionName = "x"
            } == nil,
            "python3.8 could still be created in March 2026")
        #expect(
            refusal { $0.runtime = "go1.x" }?.message.hasPrefix("The runtime parameter of go1.x is no longer supported")
                == true)
        #expect(
            refusal { $0.code.zipFile = Array("no zip".utf8) }?.message.hasPrefix("Could not unzip uploaded file.")
                == true)
        #expect(refusal { $0.code.zipFile = nil }?.message == "Please provide a source for function code.")
        #expect(
            refusal { $0.environment = Lambda.Environment(variables: ["AWS_REGION": "x"]) }?.message.hasSuffix(
                "Reserved keys used in this request: AWS_REGION") == true)
        #expect(
            refusal { $0.environment = Lambda.Environment(variables: ["A": String(repeating: "x", count: 4096)]) }?
                .message
                .contains("exceeded the 4KB limit. String measured: {\"A\":\"xxx") == true)
        #expect(refusal { $0.timeout = 901 }?.code == "ValidationException")
        #expect(
            refusal { $0.layers = ["arn:aws:lambda:us-east-1:123456789012:layer:none:1"] }?.code
                == "InvalidParameterValueException")
        let evil = { () -> [UInt8] in
            var writer = ZipWriter()
            writer.add("../evil", [1])
            return writer.finished()
        }()
        #expect(refusal { $0.code.zipFile = evil }?.message.hasPrefix("Could not unzip") == true)
    }

    @Test func updatesGoThroughInProgress() throws {
        let bench = try LambdaBench()
        try bench.createFunction()
        let updated = try bench.call(
            Lambda.updateFunctionConfiguration,
            Lambda.UpdateFunctionConfigurationRequest(functionName: "worker", timeout: 30))
        #expect(updated.lastUpdateStatus == "InProgress")
        #expect(updated.timeout == 30)
        let read = try bench.call(
            Lambda.getFunctionConfiguration, Lambda.GetFunctionConfigurationRequest(functionName: "worker"))
        #expect(read.lastUpdateStatus == "Successful")
        let stale = bench.error(
            Lambda.updateFunctionConfiguration,
            Lambda.UpdateFunctionConfigurationRequest(functionName: "worker", revisionId: "other"))
        #expect(stale?.code == "PreconditionFailedException")
        #expect(stale?.status == 412)
    }

    @Test func versionsAndAliases() throws {
        let bench = try LambdaBench()
        try bench.createFunction()
        let first = try bench.call(Lambda.publishVersion, Lambda.PublishVersionRequest(functionName: "worker"))
        let again = try bench.call(Lambda.publishVersion, Lambda.PublishVersionRequest(functionName: "worker"))
        #expect(first.version == "1")
        #expect(again.version == "1", "nothing changed, so no new version")
        _ = try bench.call(
            Lambda.updateFunctionConfiguration,
            Lambda.UpdateFunctionConfigurationRequest(functionName: "worker", memorySize: 256))
        let second = try bench.call(Lambda.publishVersion, Lambda.PublishVersionRequest(functionName: "worker"))
        #expect(second.version == "2")
        #expect(second.functionArn?.hasSuffix(":worker:2") == true)
        let versions =
            try bench.call(
                Lambda.listVersionsByFunction, Lambda.ListVersionsByFunctionRequest(functionName: "worker")
            ).versions ?? []
        #expect(versions.map(\.version) == ["$LATEST", "1", "2"])
        #expect(versions.map(\.memorySize) == [256, 128, 256])
        let routing = Lambda.AliasRoutingConfiguration(additionalVersionWeights: ["2": 0.5])
        let alias = try bench.call(
            Lambda.createAlias,
            Lambda.CreateAliasRequest(
                functionName: "worker", name: "prod", functionVersion: "1", routingConfig: routing))
        #expect(alias.aliasArn?.hasSuffix("function:worker:prod") == true)
        #expect(
            bench.error(
                Lambda.createAlias,
                Lambda.CreateAliasRequest(
                    functionName: "worker", name: "x", functionVersion: "$LATEST", routingConfig: routing)
            )?.message == "$LATEST is not supported for an alias pointing to more than 1 version")
        #expect(
            bench.error(Lambda.getAlias, Lambda.GetAliasRequest(functionName: "worker", name: "none"))?.message
                == "Cannot find alias arn: arn:aws:lambda:us-east-1:123456789012:function:worker:none")
        var chosen: Set<String> = []
        for _ in 0..<40 {
            let pending = bench.begin(
                Lambda.invoke, Lambda.InvocationRequest(functionName: "worker", qualifier: "prod"))
            #expect(bench.orders.first?.order.invokedFunctionArn.hasSuffix("worker:prod") == true)
            bench.end()
            if let version = try pending.result?.get().executedVersion { chosen.insert(version) }
        }
        #expect(chosen == ["1", "2"])
        #expect(
            bench.error(Lambda.deleteFunction, Lambda.DeleteFunctionRequest(functionName: "worker", qualifier: "1"))?
                .status == 409)
    }

    @Test func permissions() throws {
        let bench = try LambdaBench()
        try bench.createFunction()
        let request = Lambda.AddPermissionRequest(
            functionName: "worker", statementId: "s1", action: "lambda:InvokeFunction", principal: "s3.amazonaws.com",
            sourceArn: "arn:aws:s3:::bucket")
        let added = try bench.call(Lambda.addPermission, request)
        #expect(added.statement?.contains(#""Principal":{"Service":"s3.amazonaws.com"}"#) == true)
        #expect(
            bench.error(Lambda.addPermission, request)?.message
                == "The statement id (s1) provided already exists. Please provide a new statement id, or remove the existing statement."
        )
        let policy = try bench.call(Lambda.getPolicy, Lambda.GetPolicyRequest(functionName: "worker"))
        #expect(policy.policy?.hasPrefix(#"{"Version":"2012-10-17","Id":"default","Statement":[{"Sid":"s1""#) == true)
        _ = try bench.call(
            Lambda.removePermission, Lambda.RemovePermissionRequest(functionName: "worker", statementId: "s1"))
        #expect(
            bench.error(Lambda.getPolicy, Lambda.GetPolicyRequest(functionName: "worker"))?.message
                == "The resource you requested does not exist.")
    }

    @Test func layersReachTheRuntime() throws {
        let bench = try LambdaBench()
        let zip = LambdaService.deploymentPackage(sources: ["python/shared.py": "x = 1"])
        let layer = try bench.call(
            Lambda.publishLayerVersion,
            Lambda.PublishLayerVersionRequest(
                layerName: "shared", content: Lambda.LayerVersionContentInput(zipFile: zip),
                compatibleRuntimes: ["python3.13"]))
        #expect(layer.layerVersionArn == "arn:aws:lambda:us-east-1:123456789012:layer:shared:1")
        try bench.createFunction { $0.layers = [layer.layerVersionArn ?? ""] }
        _ = bench.begin(Lambda.invoke, Lambda.InvocationRequest(functionName: "worker"))
        let directory = try #require(bench.orders.first?.order.environment.layerDirectories.first)
        #expect(CodeFolder.read("\(directory)/python/shared.py") == Array("x = 1".utf8))
    }

    @Test func aDeletedLayerStaysWithThoseWhoUseIt() throws {
        let bench = try LambdaBench()
        let zip = LambdaService.deploymentPackage(sources: ["x": "1"])
        let content = Lambda.LayerVersionContentInput(zipFile: zip)
        let arn =
            try bench.call(
                Lambda.publishLayerVersion, Lambda.PublishLayerVersionRequest(layerName: "l", content: content)
            ).layerVersionArn ?? ""
        try bench.createFunction { $0.layers = [arn] }
        _ = try bench.call(
            Lambda.deleteLayerVersion, Lambda.DeleteLayerVersionRequest(layerName: "l", versionNumber: 1))
        #expect(
            bench.error(Lambda.getLayerVersion, Lambda.GetLayerVersionRequest(layerName: "l", versionNumber: 1))?.status
                == 404)
        let code = LambdaService.deploymentPackage(sources: ["handler.py": "new"])
        _ = try bench.call(
            Lambda.updateFunctionCode, Lambda.UpdateFunctionCodeRequest(functionName: "worker", zipFile: code))
        _ = bench.begin(Lambda.invoke, Lambda.InvocationRequest(functionName: "worker"))
        let order = try #require(bench.orders.first?.order)
        #expect(CodeFolder.read("\(order.environment.layerDirectories.first ?? "")/x") == Array("1".utf8))
        #expect(CodeFolder.read("\(order.environment.codeDirectory)/handler.py") == Array("new".utf8))
        let next = try bench.call(
            Lambda.publishLayerVersion, Lambda.PublishLayerVersionRequest(layerName: "l", content: content))
        #expect(next.version == 2, "numbers are not given twice")
    }

    @Test func listsGoPageByPage() throws {
        let bench = try LambdaBench()
        for name in ["a", "b", "c"] { try bench.createFunction(name, publish: true) }
        var names: [String] = []
        var marker: String?
        repeat {
            let page = try bench.call(
                Lambda.listFunctions, Lambda.ListFunctionsRequest(functionVersion: "ALL", marker: marker, maxItems: 4))
            names += (page.functions ?? []).map { "\($0.functionName ?? ""):\($0.version ?? "")" }
            #expect(page.functions?.allSatisfy { $0.state == nil } == true)
            marker = page.nextMarker
        } while marker != nil
        #expect(names == ["a:$LATEST", "a:1", "b:$LATEST", "b:1", "c:$LATEST", "c:1"])
    }

    @Test func aWorldIsFoundAgain() throws {
        let directory = NSTemporaryDirectory() + "skua-lambda-\(UInt64.random(in: 0 ... .max))"
        defer { CodeFolder.removeTree(directory) }
        let journal = { () throws -> Journal in try Journal(path: directory + "/world.sqlite") }
        _ = try BlobStore(directory: directory)
        var bench: LambdaBench? = try LambdaBench(journal: journal(), directory: directory + "/blobs")
        try bench?.createFunction()
        let queue = try #require(try bench?.createQueue("jobs"))
        _ = try bench?.call(
            Lambda.createEventSourceMapping,
            Lambda.CreateEventSourceMappingRequest(eventSourceArn: queue.arn, functionName: "worker"))
        _ = try bench?.call(
            Lambda.invoke,
            Lambda.InvocationRequest(functionName: "worker", invocationType: "Event", payload: Array(#"{"n":1}"#.utf8)))
        let first = try #require(bench?.orders.first?.order.requestID)
        let orphan = directory + "/blobs/functions/123456789012/us-east-1/gone/1234"
        try FileManager.default.createDirectory(atPath: orphan, withIntermediateDirectories: true)
        bench?.engine.core.journal.close()
        // The program is killed while the event runs.
        let kept = try LambdaBench(
            journal: journal(), directory: directory + "/blobs", wall: LambdaBench.start + .seconds(60))
        #expect(kept.removed == [orphan], "code that nothing names any more goes")
        #expect(kept.orders.first?.order.requestID == first, "the event runs again")
        #expect(kept.orders.first?.order.json["n"] == 1)
        kept.end()
        try kept.send("hello", to: queue.url)
        #expect(kept.orders.first?.order.bodies == ["hello"], "the mapping polls again")
        bench = nil
    }
}
