import AWSModel
import AWSTypes

/// Names as version 2 of the Java SDK writes them, which is what `aws-sdk` integrations show.
enum SDKNames {
    /// `DBInstanceIdentifier` → `DbInstanceIdentifier`, `MD5OfMessageBody` → `Md5OfMessageBody`.
    static func pascal(_ name: String) -> String {
        if isPlain(name) { return name.prefix(1).uppercased() + name.dropFirst() }
        return words(name).map { $0.prefix(1).uppercased() + $0.dropFirst().lowercased() }.joined()
    }

    /// Nothing but single capitals and small letters: only the first letter can change.
    private static func isPlain(_ name: String) -> Bool {
        var wasCapital = false
        for byte in name.utf8 {
            let isCapital = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
            let isSmall = byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")
            guard isCapital || isSmall, !(isCapital && wasCapital) else { return false }
            wasCapital = isCapital
        }
        return true
    }

    /// The SDK's word boundaries: a capital after a small letter, the last capital of a run before a small letter,
    /// a letter after a digit, and whatever is neither letter nor digit.
    static func words(_ name: String) -> [String] {
        var words: [String] = []
        var word = ""
        let characters = Array(name)
        for (index, character) in characters.enumerated() {
            guard character.isLetter || character.isNumber else {
                if !word.isEmpty { words.append(word) }
                word = ""
                continue
            }
            if let last = word.last {
                let next = index + 1 < characters.count ? characters[index + 1] : nil
                let beginsWord =
                    (last.isLowercase && character.isUppercase && next.map { $0.isLetter || $0.isNumber } == true)
                    || (last.isUppercase && character.isUppercase && next?.isLowercase == true)
                    || (last.isNumber && character.isLetter)
                if beginsWord {
                    words.append(word)
                    word = ""
                }
            }
            word.append(character)
        }
        if !word.isEmpty { words.append(word) }
        return words
    }

    /// Java's package of a service: `sfn`, `cloudwatchlogs`, `eventbridge`.
    static let services: [String: ServiceID] = [
        "sqs": .sqs, "sfn": .stepfunctions, "lambda": .lambda, "cloudwatch": .cloudwatch, "cloudwatchlogs": .logs,
        "iam": .iam, "sts": .sts, "sns": .sns, "eventbridge": .events, "scheduler": .scheduler, "pipes": .pipes,
        "s3": .s3,
    ]

    /// `Sfn`, `S3`, `DynamoDb`: before the dot of an error's name.
    static func errorPrefix(_ service: String) -> String {
        if let model = services[service].flatMap({ ServiceModel.load($0) }) ?? AnswerModels.load(service) {
            return pascal(model.metadata.serviceID)
        }
        return known[service] ?? service.prefix(1).uppercased() + service.dropFirst()
    }

    /// Services that there is no model of, as far as their names have more than one word.
    private static let known = [
        "apigateway": "ApiGateway", "cloudformation": "CloudFormation", "ec2": "Ec2", "sagemaker": "SageMaker",
        "codebuild": "CodeBuild", "cognitoidentityprovider": "CognitoIdentityProvider",
    ]

    /// AWS: the exception class of the SDK: modelled ones by name, everything else the service's own.
    static func exception(_ code: String, of service: String) -> String {
        let prefix = errorPrefix(service)
        guard let id = services[service], let shape = ServiceModel.load(id)?.error(code) else {
            return "\(prefix).\(prefix)Exception"
        }
        var name = shape.name
        if name.hasSuffix("Fault") { name.removeLast("Fault".count) }
        let pascal = pascal(name)
        return "\(prefix).\(pascal.hasSuffix("Exception") ? pascal : pascal + "Exception")"
    }
}
