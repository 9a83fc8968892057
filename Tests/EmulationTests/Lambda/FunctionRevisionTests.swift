import AWSModel
import AWSTypes
import Testing

@testable import Emulation

/// AWS: what counts as a revision of a function, a version or an alias.
@Suite struct FunctionRevisionTests {
    private let bench: LambdaBench

    init() throws { bench = try LambdaBench() }

    private func revision(_ qualifier: String? = nil) throws -> String? {
        try bench.call(
            Lambda.getFunction, Lambda.GetFunctionRequest(functionName: "worker", qualifier: qualifier)
        ).configuration?.revisionId
    }

    private func permit(_ sid: String, qualifier: String? = nil, revision: String? = nil)
        -> Lambda.AddPermissionRequest
    {
        Lambda.AddPermissionRequest(
            functionName: "worker", statementId: sid, action: "lambda:InvokeFunction", principal: "s3.amazonaws.com",
            qualifier: qualifier, revisionId: revision)
    }

    @Test func becomingReadyIsOne() throws {
        let created = try bench.createFunction()
        let ready = try revision()
        #expect(created.revisionId != ready)
        let updated = try bench.call(
            Lambda.updateFunctionConfiguration,
            Lambda.UpdateFunctionConfigurationRequest(functionName: "worker", description: "other"))
        #expect(updated.revisionId != ready)
        #expect(try revision() != updated.revisionId)
    }

    @Test func aVersionIsReadyAtOnceAndKeepsItsRevision() throws {
        try bench.createFunction()
        let before = try revision()
        let published = try bench.call(Lambda.publishVersion, Lambda.PublishVersionRequest(functionName: "worker"))
        #expect(published.state == "Active")
        #expect(published.lastUpdateStatus == "Successful")
        #expect(try revision("1") == published.revisionId)
        #expect(try revision() != before, "publishing is a change of $LATEST")
        let pending = bench.begin(Lambda.invoke, Lambda.InvocationRequest(functionName: "worker", qualifier: "1"))
        bench.end("1")
        #expect(try pending.result?.get().executedVersion == "1")
    }

    @Test func aVersionMadeWithTheFunctionIsAnsweredUnderTheFunctionsARN() throws {
        let created = try bench.createFunction(publish: true)
        #expect(created.version == "1")
        #expect(created.state == "Pending")
        #expect(created.functionArn?.hasSuffix(":function:worker") == true)
    }

    @Test func aPolicyHasTheRevisionOfWhatItHangsOn() throws {
        try bench.createFunction(publish: true)
        _ = try bench.call(
            Lambda.createAlias, Lambda.CreateAliasRequest(functionName: "worker", name: "live", functionVersion: "1"))
        for qualifier in [nil, "1", "live"] {
            func current() throws -> String? {
                guard qualifier == "live" else { return try revision(qualifier) }
                return try bench.call(
                    Lambda.getAlias, Lambda.GetAliasRequest(functionName: "worker", name: "live")
                ).revisionId
            }
            let before = try current()
            #expect(
                bench.error(Lambda.addPermission, permit("a", qualifier: qualifier, revision: "other"))?.status == 412)
            _ = try bench.call(Lambda.addPermission, permit("a", qualifier: qualifier, revision: before))
            let after = try current()
            #expect(after != before)
            let policy = try bench.call(
                Lambda.getPolicy, Lambda.GetPolicyRequest(functionName: "worker", qualifier: qualifier))
            #expect(policy.revisionId == after)
            _ = try bench.call(
                Lambda.removePermission,
                Lambda.RemovePermissionRequest(
                    functionName: "worker", statementId: "a", qualifier: qualifier, revisionId: after))
            #expect(try current() != after)
        }
    }

    @Test func tagsAreOne() throws {
        let arn = try bench.createFunction().functionArn ?? ""
        let before = try revision()
        _ = try bench.call(Lambda.tagResource, Lambda.TagResourceRequest(resource: arn, tags: ["a": "b"]))
        let tagged = try revision()
        #expect(tagged != before)
        _ = try bench.call(Lambda.untagResource, Lambda.UntagResourceRequest(resource: arn, tagKeys: ["a"]))
        #expect(try revision() != tagged)
    }

    @Test func loggingIsChangedMemberByMember() throws {
        try bench.createFunction { $0.loggingConfig = Lambda.LoggingConfig(logFormat: "JSON", systemLogLevel: "DEBUG") }
        func update(_ config: Lambda.LoggingConfig) throws -> Lambda.LoggingConfig? {
            try bench.call(
                Lambda.updateFunctionConfiguration,
                Lambda.UpdateFunctionConfigurationRequest(functionName: "worker", loggingConfig: config)
            ).loggingConfig
        }
        let moved = try update(Lambda.LoggingConfig(logGroup: "elsewhere"))
        #expect(moved?.logFormat == "JSON")
        #expect(moved?.systemLogLevel == "DEBUG")
        #expect(moved?.logGroup == "elsewhere")
        let text = try update(Lambda.LoggingConfig(logFormat: "Text"))
        #expect(text?.systemLogLevel == nil, "levels belong to JSON")
        #expect(text?.logGroup == "elsewhere")
    }

    @Test func anEnvironmentWithoutVariablesIsShown() throws {
        try bench.createFunction()
        let updated = try bench.call(
            Lambda.updateFunctionConfiguration,
            Lambda.UpdateFunctionConfigurationRequest(
                functionName: "worker", environment: Lambda.Environment(variables: [:])))
        #expect(updated.environment?.variables == [:])
    }

    @Test func aNewDescriptionMakesANewVersionAndTheSameArchiveDoesNot() throws {
        let bench = try LambdaBench()
        try bench.createFunction()
        bench.advance(5)
        func publish(_ description: String? = nil) throws -> String? {
            try bench.call(
                Lambda.publishVersion,
                Lambda.PublishVersionRequest(functionName: "worker", description: description)
            ).version
        }
        #expect(try publish("its own words") == "1")
        #expect(try publish() == "1")
        _ = try bench.call(
            Lambda.updateFunctionConfiguration,
            Lambda.UpdateFunctionConfigurationRequest(functionName: "worker", description: "other words"))
        bench.advance(5)
        #expect(try publish() == "2")
        let zip = LambdaService.deploymentPackage(sources: [
            "handler.py": "def handler(event, context):\n    return event\n"
        ])
        let again = try bench.call(
            Lambda.updateFunctionCode,
            Lambda.UpdateFunctionCodeRequest(functionName: "worker", zipFile: zip, publish: true))
        #expect(again.version == "2")
    }
}
