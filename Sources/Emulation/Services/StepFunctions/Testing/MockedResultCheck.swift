import AWSModel
import AWSTypes
import StatesLanguage

/// Whether a mocked result could have come from the operation that it stands for.
struct MockedResultCheck {
    /// STRICT also wants every field that the operation always gives; PRESENT checks what is there.
    var isStrict: Bool
    /// Version 2 of the SDK names things its own way.
    var isSDK: Bool

    /// - Returns: AWS's words for what is wrong; nil where nothing is, or nothing is known of the operation.
    func complaint(_ result: DocumentValue, _ integration: ServiceIntegration) -> String? {
        guard integration.pattern == .requestResponse,
            let shape = Self.output(of: integration), let object = result.object
        else { return nil }
        return structure(object, shape, isTop: true, integration)
            .map { "Mock result schema validation error: \($0)" }
    }

    private static func output(of integration: ServiceIntegration) -> Shape? {
        var service = integration.service
        if service.hasPrefix("aws-sdk:") {
            service.removeFirst("aws-sdk:".count)
        } else {
            service = ["states": "sfn", "events": "eventbridge"][service] ?? service
        }
        let operation = integration.action.prefix(1).uppercased() + integration.action.dropFirst()
        let model = SDKNames.services[service].flatMap { ServiceModel.load($0) } ?? AnswerModels.load(service)
        return model?.operations[operation]?.output?.shape
    }

    /// AWS: TestState holds functions to 10,240 MB still, while Lambda's own model has grown to 32,768.
    private static func maximum(_ shape: Shape) -> Double? { shape.name == "MemorySize" ? 10_240 : shape.maximum }

    private func structure(
        _ object: DocumentObject, _ shape: Shape, isTop: Bool, _ integration: ServiceIntegration
    ) -> String? {
        if isStrict, isTop {
            for member in shape.members where member.isRequired {
                let name = SDKNames.pascal(member.name)
                if object[name]?.isNull ?? true { return "Required field '\(name)' is missing" }
            }
        }
        for (name, value) in object {
            // AWS: a function's payload is whatever the function gives.
            if isTop, integration.service == "lambda", name == "Payload" { continue }
            guard let member = SDKDocuments.member(named: name, of: shape), !value.isNull else { continue }
            if let complaint = self.value(value, member.shape, name, integration) { return complaint }
        }
        return nil
    }

    private func value(
        _ value: DocumentValue, _ shape: Shape, _ name: String, _ integration: ServiceIntegration
    ) -> String? {
        switch shape.kind {
        case .structure:
            guard let object = value.object else { return "Field '\(name)' must be an object" }
            return structure(object, shape, isTop: false, integration)
        case .list:
            guard let list = value.list else { return "Field '\(name)' must be an array" }
            guard let element = shape.element?.shape else { return nil }
            for item in list {
                if let complaint = self.value(item, element, name, integration) { return complaint }
            }
            return nil
        case .map:
            guard let object = value.object else { return "Field '\(name)' must be an object" }
            guard let element = shape.element?.shape else { return nil }
            for (key, item) in object {
                if let complaint = self.value(item, element, key, integration) { return complaint }
            }
            return nil
        case .string, .blob, .timestamp, .character:
            guard let text = value.string else { return "Field '\(name)' must be a string" }
            return length(text, shape, name)
        case .boolean: return value.bool == nil ? "Field '\(name)' must be a boolean" : nil
        case .integer, .long, .float, .double:
            guard let number = value.double else { return "Field '\(name)' must be a number" }
            if let minimum = shape.minimum, number < minimum { return "Field '\(name)' is less than the minimum value" }
            if let maximum = Self.maximum(shape), number > maximum {
                return "Field '\(name)' exceeds the maximum value"
            }
            return nil
        }
    }

    private func length(_ text: String, _ shape: Shape, _ name: String) -> String? {
        let count = Double(text.utf16.count)
        if let minimum = shape.minimum, count < minimum { return "Field '\(name)' is smaller than the minimum length" }
        if let maximum = shape.maximum, count > maximum { return "Field '\(name)' exceeds the maximum length" }
        return nil
    }
}
