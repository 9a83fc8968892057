import AWSModel

/// Lambda's managed runtimes and when AWS stops taking functions for them.
enum RuntimeCatalog {
    private struct Lifecycle {
        var createBlocked: Instant
        var updateBlocked: Instant
    }

    private static let current: Set<String> = [
        "nodejs24.x", "nodejs22.x", "python3.14", "python3.13", "python3.12", "java25", "java21", "dotnet10", "dotnet8",
        "ruby4.0", "ruby3.4", "ruby3.3", "provided.al2023",
    ]

    /// AWS: the page "Lambda runtimes", as of mid 2026.
    private static let retiring: [String: Lifecycle] = {
        var table: [String: Lifecycle] = [:]
        let summer2026 = Lifecycle(createBlocked: day(2026, 7, 31), updateBlocked: day(2026, 8, 31))
        let summer2027 = Lifecycle(createBlocked: day(2027, 7, 31), updateBlocked: day(2027, 8, 31))
        for name in ["python3.11", "java17", "java11", "java8.al2"] { table[name] = summer2027 }
        table["python3.10"] = Lifecycle(createBlocked: day(2026, 11, 30), updateBlocked: day(2027, 1, 15))
        table["provided.al2"] = summer2026
        table["nodejs20.x"] = Lifecycle(createBlocked: day(2026, 6, 1), updateBlocked: day(2026, 7, 1))
        let spring2026 = Lifecycle(createBlocked: day(2026, 6, 1), updateBlocked: day(2026, 7, 1))
        for name in ["nodejs18.x", "nodejs16.x", "python3.9", "python3.8", "dotnet6", "ruby3.2"] {
            table[name] = spring2026
        }
        let long = Lifecycle(createBlocked: .epoch, updateBlocked: .epoch)
        for name in [
            "nodejs", "nodejs4.3", "nodejs4.3-edge", "nodejs6.10", "nodejs8.10", "nodejs10.x", "nodejs12.x",
            "nodejs14.x",
            "python2.7", "python3.6", "python3.7", "java8", "dotnetcore1.0", "dotnetcore2.0", "dotnetcore2.1",
            "dotnetcore3.1", "dotnet5.0", "dotnet7", "ruby2.5", "ruby2.7", "go1.x", "provided",
        ] { table[name] = long }
        return table
    }()

    private static func day(_ year: Int, _ month: Int, _ day: Int) -> Instant {
        CalendarDate(year: year, month: month, day: day).instant
    }

    /// Suites that were written when these runtimes were new go on creating functions for them.
    static func checkCreate(
        _ runtime: String, at time: Instant, allowsRecent: Bool = false
    ) throws(ServiceError) {
        if let lifecycle = retiring[runtime] {
            if allowsRecent, lifecycle.createBlocked != .epoch { return }
            guard time < lifecycle.createBlocked else { throw noLongerSupported(runtime) }
        } else if !current.contains(runtime) {
            throw unknown(runtime)
        }
    }

    static func checkUpdate(
        _ runtime: String, at time: Instant, allowsRecent: Bool = false
    ) throws(ServiceError) {
        if let lifecycle = retiring[runtime] {
            if allowsRecent, lifecycle.createBlocked != .epoch { return }
            guard time < lifecycle.updateBlocked else { throw noLongerSupported(runtime) }
        } else if !current.contains(runtime) {
            throw unknown(runtime)
        }
    }

    private static func noLongerSupported(_ runtime: String) -> ServiceError {
        .lambdaInvalid(
            "The runtime parameter of \(runtime) is no longer supported for creating or updating AWS Lambda functions. We recommend you use a supported runtime while creating or updating functions."
        )
    }

    private static func unknown(_ runtime: String) -> ServiceError {
        let names = (current.union(retiring.keys)).sorted().joined(separator: ", ")
        return .lambdaInvalid(
            "Value \(runtime) at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [\(names)] or be a valid ARN"
        )
    }

    /// A stand-in for the ARN of the runtime's patch version.
    static func versionArn(_ runtime: String, scope: Scope) -> String {
        let digest = ArchiveChecksum.sha256(Array(runtime.utf8))
        return
            "arn:\(scope.partition):lambda:\(scope.region)::runtime:\(EnvironmentIdentity(bytes: digest, day: "").id)"
    }
}
