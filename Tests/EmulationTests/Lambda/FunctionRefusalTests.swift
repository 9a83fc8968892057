import AWSModel
import AWSTypes
import Testing

@testable import Emulation

/// AWS's words where something is missing, taken or not allowed.
@Suite struct FunctionRefusalTests {
    private let bench: LambdaBench
    private static let arn = "arn:aws:lambda:us-east-1:123456789012:function:"

    init() throws {
        bench = try LambdaBench()
        try bench.createFunction(publish: true)
    }

    private func refusal<Input, Output>(_ operation: Operation<Input, Output>, _ input: Input) -> String? {
        bench.error(operation, input)?.message
    }

    @Test func whatIsMissingIsNamedAsEachOperationNamesIt() {
        let arn = Self.arn
        #expect(
            refusal(Lambda.deleteFunction, Lambda.DeleteFunctionRequest(functionName: "none", qualifier: "7"))
                == "Function not found: \(arn)none")
        #expect(
            refusal(Lambda.invoke, Lambda.InvocationRequest(functionName: "none"))
                == "Function not found: \(arn)none:$LATEST")
        #expect(
            refusal(
                Lambda.putFunctionConcurrency,
                Lambda.PutFunctionConcurrencyRequest(functionName: "none", reservedConcurrentExecutions: 1))
                == "Function not found: \(arn)none:$LATEST")
        #expect(
            refusal(
                Lambda.getFunctionEventInvokeConfig,
                Lambda.GetFunctionEventInvokeConfigRequest(functionName: "worker", qualifier: "7"))
                == "The function \(arn)worker:7 doesn't have an EventInvokeConfig")
        #expect(
            refusal(Lambda.getFunctionUrlConfig, Lambda.GetFunctionUrlConfigRequest(functionName: "none"))
                == "The resource you requested does not exist.")
        #expect(
            refusal(
                Lambda.createFunctionUrlConfig,
                Lambda.CreateFunctionUrlConfigRequest(functionName: "none", authType: "NONE"))
                == "Function does not exist")
        #expect(
            refusal(
                Lambda.createAlias,
                Lambda.CreateAliasRequest(functionName: "none", name: "a", functionVersion: "1"))
                == "Function not found: \(arn)none:1")
        #expect(
            refusal(Lambda.updateAlias, Lambda.UpdateAliasRequest(functionName: "worker", name: "none"))
                == "Alias not found: \(arn)worker:none")
        #expect(
            refusal(
                Lambda.putProvisionedConcurrencyConfig,
                Lambda.PutProvisionedConcurrencyConfigRequest(
                    functionName: "none", qualifier: "live", provisionedConcurrentExecutions: 1))
                == "Cannot find alias arn: \(arn)none:live")
        #expect(
            refusal(
                Lambda.removePermission, Lambda.RemovePermissionRequest(functionName: "none", statementId: "a"))
                == "No policy found for: \(arn)none")
        #expect(
            refusal(
                Lambda.removePermission,
                Lambda.RemovePermissionRequest(functionName: "worker", statementId: "a", qualifier: "live"))
                == "Cannot find alias arn: \(arn)worker:live")
    }

    @Test func layersAreNamedByVersion() throws {
        let zip = LambdaService.deploymentPackage(sources: ["python/a.py": ""])
        for _ in 1...2 {
            _ = try bench.call(
                Lambda.publishLayerVersion,
                Lambda.PublishLayerVersionRequest(
                    layerName: "deps", content: Lambda.LayerVersionContentInput(zipFile: zip)))
        }
        let layer = "arn:aws:lambda:us-east-1:123456789012:layer:deps"
        func use(_ layers: [String]) -> String? {
            refusal(
                Lambda.updateFunctionConfiguration,
                Lambda.UpdateFunctionConfigurationRequest(functionName: "worker", layers: layers))
        }
        #expect(
            use(["\(layer):1", "\(layer):2"])?.hasSuffix(
                "\(layer):1 and \(layer):2 are versions of the same layer.") == true)
        #expect(
            use(["arn:aws:lambda:eu-west-1:123456789012:layer:deps:1"])
                == "Layers are not in the same region as the function. Layers are expected to be in region us-east-1.")
        #expect(
            refusal(
                Lambda.getLayerVersionPolicy,
                Lambda.GetLayerVersionPolicyRequest(layerName: "deps", versionNumber: 9))
                == "Layer version \(layer):9 does not exist.")
        #expect(
            refusal(
                Lambda.removeLayerVersionPermission,
                Lambda.RemoveLayerVersionPermissionRequest(layerName: "deps", versionNumber: 1, statementId: "a"))
                == "No policy is associated with the given resource.")
    }

    @Test func nobodyMakesFunctionsForAnotherAccount() {
        let refused = bench.error(
            Lambda.createFunction,
            Lambda.CreateFunctionRequest(
                functionName: "arn:aws:lambda:us-east-1:999999999999:function:worker", runtime: "python3.13",
                role: LambdaBench.role, handler: "a.b",
                code: Lambda.FunctionCode(zipFile: LambdaService.deploymentPackage(sources: ["a.py": ""]))))
        #expect(refused?.code == "AccessDeniedException")
        #expect(refused?.status == 403)
    }

    @Test func aDestinationThatCannotBeOneIsPrinted() {
        #expect(
            refusal(
                Lambda.putFunctionEventInvokeConfig,
                Lambda.PutFunctionEventInvokeConfigRequest(
                    functionName: "worker",
                    destinationConfig: Lambda.DestinationConfig(
                        onSuccess: Lambda.OnSuccess(destination: "arn:aws:iam:us-east-1:123456789012:role/a"))))
                == "The provided destination config DestinationConfig(onSuccess=OnSuccess(destination=arn:aws:iam:us-east-1:123456789012:role/a), onFailure=null) is invalid."
        )
    }

    @Test func codeSigningThatIsMissing() {
        let arn = "arn:aws:lambda:us-east-1:123456789012:code-signing-config:csc-00000000000000000"
        let missing = bench.error(
            Lambda.getCodeSigningConfig, Lambda.GetCodeSigningConfigRequest(codeSigningConfigArn: arn))
        #expect(missing?.message == "The Lambda code signing configuration \(arn) can not be found.")
    }

    @Test func anAccountBeforeTheNameMakesAPartialARN() throws {
        for (name, version) in [("123456789012:worker", "$LATEST"), ("123456789012:worker:1", "1")] {
            let read = try bench.call(Lambda.getFunction, Lambda.GetFunctionRequest(functionName: name))
            #expect(read.configuration?.version == version)
        }
    }

    @Test func payloadsAreLimitedByTheWayOfInvoking() {
        func refused(_ type: String?, _ size: Int) -> ServiceError? {
            bench.error(
                Lambda.invoke,
                Lambda.InvocationRequest(
                    functionName: "worker", invocationType: type,
                    payload: [UInt8](repeating: UInt8(ascii: "1"), count: size)))
        }
        let asked = refused(nil, 6_291_457)
        #expect(asked?.code == "RequestEntityTooLargeException" && asked?.status == 413)
        #expect(asked?.message == "Request must be smaller than 6291456 bytes for the InvokeFunction operation")
        #expect(
            refused("Event", 1_048_577)?.message
                == "1048577 byte payload is too large for the Event invocation type (limit 1048576 bytes)")
    }

    @Test func retiredRuntimesAreTakenWhereSuitesOfTheirTimeAreServed() throws {
        let late = CalendarDate(year: 2027, month: 12, day: 1).instant
        #expect(throws: ServiceError.self) { try RuntimeCatalog.checkCreate("nodejs20.x", at: late) }
        try RuntimeCatalog.checkCreate("nodejs20.x", at: late, allowsRecent: true)
        try RuntimeCatalog.checkUpdate("python3.11", at: late, allowsRecent: true)
        #expect(throws: ServiceError.self) {
            try RuntimeCatalog.checkCreate("python2.7", at: late, allowsRecent: true)
        }
    }
}
