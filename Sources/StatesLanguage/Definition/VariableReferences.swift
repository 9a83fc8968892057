import AWSModel

extension StateMachineDefinition {
    /// Which variables each state reads. AWS: DescribeStateMachine's `variableReferences`.
    public var variableReferences: [String: [String]] {
        var references: [String: [String]] = [:]
        for state in allStates {
            var names: [String] = []
            for path in state.paths {
                if case .variable(let name) = path.root, !names.contains(name) { names.append(name) }
            }
            for expression in state.expressions {
                for name in expression.variables where name != "states" && !names.contains(name) {
                    names.append(name)
                }
            }
            if !names.isEmpty { references[state.name] = names }
        }
        return references
    }
}

extension StateDefinition {
    /// Every JSONata expression in the state's own fields.
    var expressions: [StateExpression] {
        var templates: [PayloadTemplate?] = [parameters, assign, output]
        for catcher in catchers { templates += [catcher.assign, catcher.output] }
        switch kind {
        case .pass, .succeed, .parallel: break
        case .task(let task): templates += [task.timeout?.template, task.heartbeat?.template, task.credentials]
        case .choice(let rules, _):
            for rule in rules {
                if case .expression(let condition) = rule.condition { templates.append(condition) }
                templates += [rule.assign, rule.output]
            }
        case .wait(.secondsExpression(let template)), .wait(.timestampExpression(let template)):
            templates.append(template)
        case .wait: break
        case .fail(let error, let cause):
            for text in [error, cause] { if case .expression(let template)? = text { templates.append(template) } }
        case .map(let map):
            templates += [map.items, map.maxConcurrency?.template]
            if let distributed = map.distributed {
                templates += [
                    distributed.itemReader, distributed.itemBatcher, distributed.resultWriter,
                    distributed.toleratedFailureCount?.template,
                ]
                if case .expression(let template)? = distributed.toleratedFailurePercentage {
                    templates.append(template)
                }
            }
        }
        return templates.flatMap { $0?.expressions ?? [] }
    }

    /// Every path in the state's own fields.
    var paths: [JSONPath] {
        var paths: [JSONPath] = [inputPath, outputPath, resultPath].compactMap {
            if case .path(let path) = $0 { path } else { nil }
        }
        for template in [parameters, resultSelector, assign] { paths += template?.paths ?? [] }
        for catcher in catchers { paths += catcher.assign?.paths ?? [] }
        switch kind {
        case .pass, .succeed, .parallel: break
        case .task(let task):
            for field in [task.timeout, task.heartbeat] { if case .path(let path)? = field { paths.append(path) } }
            paths += task.credentials?.paths ?? []
        case .choice(let rules, _):
            for rule in rules { paths += rule.condition.paths + (rule.assign?.paths ?? []) }
        case .wait(.secondsPath(let path)), .wait(.timestampPath(let path)): paths.append(path)
        case .wait: break
        case .fail(let error, let cause):
            for text in [error, cause] {
                switch text {
                case .path(let path)?: paths.append(path)
                case .call(let call)?: paths += call.paths
                default: break
                }
            }
        case .map(let map):
            if let path = map.itemsPath { paths.append(path) }
            if case .path(let path)? = map.maxConcurrency { paths.append(path) }
            if let distributed = map.distributed {
                if case .path(let path)? = distributed.toleratedFailureCount { paths.append(path) }
                if case .path(let path)? = distributed.toleratedFailurePercentage { paths.append(path) }
                for template in [distributed.itemReader, distributed.itemBatcher, distributed.resultWriter] {
                    paths += template?.paths ?? []
                }
            }
        }
        return paths
    }
}

extension SecondsField {
    var template: PayloadTemplate? { if case .expression(let template) = self { template } else { nil } }
}
