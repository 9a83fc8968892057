import AWSModel
import AWSTypes

/// How functions, layers and mappings become rows: one JSON document for each thing that changes as a whole.
enum LambdaStore {
    static let migrations = [
        Migration(
            "lambda-1",
            """
            CREATE TABLE lambda_entities (
                account TEXT NOT NULL, region TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, part TEXT NOT NULL,
                document TEXT NOT NULL, PRIMARY KEY (account, region, kind, name, part)) WITHOUT ROWID;
            CREATE TABLE lambda_async_events (
                request TEXT PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, function TEXT NOT NULL,
                qualifier TEXT, payload BLOB NOT NULL, client_context TEXT, accepted INTEGER NOT NULL,
                attempts INTEGER NOT NULL, throttles INTEGER NOT NULL, due INTEGER NOT NULL);
            """)
    ]

    enum Kind: String { case function, version, layer, layerVersion, mapping, codeSigning }

    static func save(
        _ kind: Kind, _ name: String, part: String = "", _ document: DocumentObject, in scope: Scope, _ journal: Journal
    ) {
        journal.record(
            "INSERT OR REPLACE INTO lambda_entities VALUES (?, ?, ?, ?, ?, ?)",
            [
                .text(scope.accountID), .text(scope.region), .text(kind.rawValue), .text(name), .text(part),
                .document(document),
            ])
    }

    static func remove(_ kind: Kind, _ name: String, part: String = "", in scope: Scope, _ journal: Journal) {
        journal.record(
            "DELETE FROM lambda_entities WHERE account = ? AND region = ? AND kind = ? AND name = ? AND part = ?",
            [.text(scope.accountID), .text(scope.region), .text(kind.rawValue), .text(name), .text(part)])
    }

    // MARK: Functions

    /// Everything of a function but its versions.
    static func document(of function: LambdaFunction) -> DocumentObject {
        var document = DocumentObject()
        document["LastVersion"] = .integer(Int64(function.lastVersion))
        document["RecursiveLoop"] = .string(function.recursiveLoop)
        document["Tags"] = map(function.tags) { .string($0) }
        if let reserved = function.reservedConcurrency { document["ReservedConcurrency"] = .integer(Int64(reserved)) }
        document["Provisioned"] = map(function.provisioned) { .object($0.document) }
        document.putString("CodeSigning", function.codeSigningConfigArn)
        document["Aliases"] = map(function.aliases) { .object($0.configuration(functionArn: function.arn).document) }
        document["Policies"] = map(function.policies) { policy in
            ["Statements": .list(policy.statements.map { .object($0) }), "RevisionId": .string(policy.revisionID)]
        }
        document["EventInvokeConfigs"] = map(function.eventInvokeConfigs) { config in
            var object: DocumentObject = ["LastModified": .integer(config.lastModified.microseconds)]
            object["Retries"] = config.maximumRetryAttempts.map { .integer(Int64($0)) }
            object["Age"] = config.maximumEventAgeSeconds.map { .integer(Int64($0)) }
            object["OnSuccess"] = config.onSuccess.map { .string($0) }
            object["OnFailure"] = config.onFailure.map { .string($0) }
            return .object(object)
        }
        document["Urls"] = map(function.urls) { url in
            var object: DocumentObject = [
                "Id": .string(url.id), "AuthType": .string(url.authType), "Created": .string(url.created),
                "LastModified": .string(url.lastModified),
            ]
            object.putString("InvokeMode", url.invokeMode)
            object["Cors"] = url.cors.map { .object($0.document) }
            return .object(object)
        }
        document["RuntimeUpdates"] = map(function.runtimeUpdates) { update in
            var object: DocumentObject = ["UpdateOn": .string(update.updateOn)]
            object["Arn"] = update.runtimeVersionArn.map { .string($0) }
            return .object(object)
        }
        return document
    }

    static func apply(_ document: DocumentObject, to function: LambdaFunction) {
        function.lastVersion = document.integer("LastVersion") ?? 0
        function.recursiveLoop = document.string("RecursiveLoop") ?? "Terminate"
        function.tags = document.stringMap("Tags") ?? [:]
        function.reservedConcurrency = document.integer("ReservedConcurrency")
        for (qualifier, value) in document.object("Provisioned") ?? [:] {
            function.provisioned[qualifier] = ProvisionedConcurrency(qualifier: qualifier, value.object ?? [:])
        }
        function.codeSigningConfigArn = document.string("CodeSigning")
        function.aliases = entries(document, "Aliases") { FunctionAlias($0) }
        function.policies = entries(document, "Policies") { object in
            ResourcePolicy(
                statements: (object.list("Statements") ?? []).compactMap(\.object),
                revisionID: object.string("RevisionId") ?? "")
        }
        function.eventInvokeConfigs = entries(document, "EventInvokeConfigs") { object in
            EventInvokeConfig(
                maximumRetryAttempts: object.integer("Retries"), maximumEventAgeSeconds: object.integer("Age"),
                onSuccess: object.string("OnSuccess"), onFailure: object.string("OnFailure"),
                lastModified: Instant(microseconds: object["LastModified"]?.integer ?? 0))
        }
        function.urls = entries(document, "Urls") { object in
            FunctionURL(
                id: object.string("Id") ?? "", authType: object.string("AuthType") ?? "AWS_IAM",
                cors: object.object("Cors").map(Lambda.Cors.init),
                invokeMode: object.string("InvokeMode"),
                created: object.string("Created") ?? "", lastModified: object.string("LastModified") ?? "")
        }
        function.runtimeUpdates = entries(document, "RuntimeUpdates") { object in
            RuntimeUpdate(updateOn: object.string("UpdateOn") ?? "Auto", runtimeVersionArn: object.string("Arn"))
        }
    }

    static func document(of version: FunctionVersion) -> DocumentObject {
        var document: DocumentObject = [
            "Configuration": .object(version.configuration.document), "Package": .object(version.package.document),
        ]
        document.putString("SourceDescription", version.sourceDescription)
        return document
    }

    static func version(_ document: DocumentObject) -> FunctionVersion {
        var version = FunctionVersion(
            configuration: Lambda.FunctionConfiguration(document.object("Configuration") ?? [:]),
            package: CodePackage(document.object("Package") ?? [:]))
        version.sourceDescription = document.string("SourceDescription")
        return version
    }

    // MARK: Layers

    static func document(of layer: LayerVersion) -> DocumentObject {
        var document: DocumentObject = [
            "Version": .integer(Int64(layer.version)), "Description": .string(layer.description),
            "Created": .string(layer.created), "CodeSha256": .string(layer.codeSha256),
            "CodeSize": .integer(Int64(layer.codeSize)), "UnpackedSize": .integer(Int64(layer.unpackedSize)),
            "Package": .object(layer.package.document),
        ]
        document["Runtimes"] = layer.compatibleRuntimes.map { .list($0.map { .string($0) }) }
        document["Architectures"] = layer.compatibleArchitectures.map { .list($0.map { .string($0) }) }
        if layer.isDeleted { document["Deleted"] = true }
        document["License"] = layer.licenseInfo.map { .string($0) }
        document["Policy"] = layer.policy.map { policy in
            ["Statements": .list(policy.statements.map { .object($0) }), "RevisionId": .string(policy.revisionID)]
        }
        return document
    }

    static func layerVersion(_ document: DocumentObject) -> LayerVersion {
        LayerVersion(
            version: document.integer("Version") ?? 0, description: document.string("Description") ?? "",
            created: document.string("Created") ?? "", compatibleRuntimes: document.strings("Runtimes"),
            compatibleArchitectures: document.strings("Architectures"), licenseInfo: document.string("License"),
            codeSha256: document.string("CodeSha256") ?? "", codeSize: document.integer("CodeSize") ?? 0,
            unpackedSize: document.integer("UnpackedSize") ?? 0,
            package: CodePackage(document.object("Package") ?? [:]),
            isDeleted: document.bool("Deleted") ?? false,
            policy: document.object("Policy").map { object in
                ResourcePolicy(
                    statements: (object.list("Statements") ?? []).compactMap(\.object),
                    revisionID: object.string("RevisionId") ?? "")
            })
    }

    private static func map<Value>(_ values: [String: Value], _ encode: (Value) -> DocumentValue) -> DocumentValue {
        .object(DocumentObject(values.sorted { $0.key < $1.key }.map { ($0.key, encode($0.value)) }))
    }

    private static func entries<Value>(
        _ document: DocumentObject, _ key: String, _ decode: (DocumentObject) -> Value
    ) -> [String: Value] {
        var entries: [String: Value] = [:]
        for (name, value) in document.object(key) ?? [:] { entries[name] = decode(value.object ?? [:]) }
        return entries
    }
}
