import AWSModel
import AWSTypes

extension LambdaService {
    public func restore(from store: StoredRows) throws(StorageError) {
        // Functions first: versions hang on them.
        var functionRows: [(Scope, String, DocumentObject)] = []
        var versions: [Scope: [String: [FunctionVersion]]] = [:]
        try store.forEach("SELECT account, region, kind, name, part, document FROM lambda_entities") { row in
            let scope = Scope(accountID: row.text(0), region: row.text(1))
            let name = row.text(3)
            let document = row.document(5)
            switch LambdaStore.Kind(rawValue: row.text(2)) {
            case .function: functionRows.append((scope, name, document))
            case .version: versions[scope, default: [:]][name, default: []].append(LambdaStore.version(document))
            case .layer: layer(name, scope).lastVersion = document.integer("LastVersion") ?? 0
            case .layerVersion:
                let version = LambdaStore.layerVersion(document)
                layer(name, scope).versions[version.version] = version
            case .mapping:
                region(scope).mappings[name] = EventSourceMapping(scope: scope, uuid: name, document: document)
            case .codeSigning:
                region(scope).codeSigningConfigs[name] = CodeSigningRecord(document)
            case nil: break
            }
        }
        for (scope, name, document) in functionRows {
            let stored = versions[scope]?[name] ?? []
            guard let latest = stored.first(where: { $0.version == FunctionReference.latest }) else { continue }
            let function = LambdaFunction(scope: scope, name: name, latest: latest)
            LambdaStore.apply(document, to: function)
            for version in stored {
                if let number = FunctionReference.versionNumber(version.version) {
                    function.published[number] = version
                }
            }
            region(scope).functions[name] = function
        }
        for region in regions.values { region.recount() }
        try restoreAsynchronousEvents(from: store)
    }

    private func layer(_ name: String, _ scope: Scope) -> LambdaLayer {
        let region = region(scope)
        if let layer = region.layers[name] { return layer }
        let layer = LambdaLayer(name: name, arn: scope.arn("lambda", "layer:\(name)"))
        region.layers[name] = layer
        return layer
    }

    /// Goes on where the program was stopped: unfinished deployments, queued events, pollers.
    public func resume() {
        removeOrphanedCode()
        for region in regions.values {
            for function in region.functions.values {
                for version in function.versions { resume(version, of: function) }
                for config in function.provisioned.values where config.status != .failed {
                    config.status = .inProgress
                    core.later { [unowned self] in provision(config, for: function) }
                }
                core.later { [unowned self] in pumpAsynchronousEvents(of: function) }
            }
            for mapping in region.mappings.values { resume(mapping) }
        }
    }

    /// Archives whose functions or revisions went shortly before the program did.
    private func removeOrphanedCode() {
        let functions = regions.values.flatMap(\.functions.values)
        let used = Set(functions.flatMap { function in function.versions.map(\.package.folder) })
        let orphans = CodeFolder.folders(in: core.blobs.path("functions"), depth: 4)
            .map { "functions/\($0)" }
            .filter { !used.contains($0) }
        if !orphans.isEmpty { core.start(.removeFiles(orphans.map(core.blobs.path))) }
    }

    private func resume(_ version: FunctionVersion, of function: LambdaFunction) {
        let isSettled =
            version.configuration.state == "Active" && version.configuration.lastUpdateStatus != "InProgress"
        if isSettled, CodeFolder.exists(core.blobs.path(version.package.codeName)) {
            var version = version
            version.deployed = deployment(of: version, function)
            function[version: version.version] = version
        } else if version.configuration.state != "Failed" {
            deploy(function, version.version)
        }
    }

    private func resume(_ mapping: EventSourceMapping) {
        switch mapping.configuration.state {
        case "Creating", "Enabling", "Updating", "Enabled":
            mapping.configuration.state = "Enabled"
            poll(mapping)
        case "Disabling": mapping.configuration.state = "Disabled"
        default: break
        }
    }
}
