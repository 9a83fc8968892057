import AWSModel
import AWSTypes

// SMS: attributes, numbers that opted out, and the sandbox.
extension SNSService {
    func registerSMS(_ table: inout OperationTable) {
        table.on(SNS.setSMSAttributes, setSMSAttributes)
        table.on(SNS.getSMSAttributes, getSMSAttributes)
        table.on(SNS.checkIfPhoneNumberIsOptedOut, checkIfPhoneNumberIsOptedOut)
        table.on(SNS.listPhoneNumbersOptedOut, listPhoneNumbersOptedOut)
        table.on(SNS.optInPhoneNumber, optInPhoneNumber)
        table.on(SNS.createSMSSandboxPhoneNumber, createSMSSandboxPhoneNumber)
        table.on(SNS.verifySMSSandboxPhoneNumber, verifySMSSandboxPhoneNumber)
        table.on(SNS.deleteSMSSandboxPhoneNumber, deleteSMSSandboxPhoneNumber)
        table.on(SNS.listSMSSandboxPhoneNumbers, listSMSSandboxPhoneNumbers)
        table.on(SNS.getSMSSandboxAccountStatus) { [unowned self] _, call in
            SNS.GetSMSSandboxAccountStatusResult(isInSandbox: settings[call.scope]?.sandbox.isEmpty == false)
        }
        // AWS: an account starts without numbers of its own, and they are got from another service.
        table.on(SNS.listOriginationNumbers) { _, _ in SNS.ListOriginationNumbersResult(phoneNumbers: []) }
    }

    private func change(_ kind: String, in scope: Scope, _ body: (inout SNSSettings) -> [String: String]) {
        let attributes = body(&settings[scope, default: SNSSettings()])
        record(kind, "\(scope.accountID)/\(scope.region)", SNSDocumented(attributes: attributes))
    }

    func setSMSAttributes(
        _ input: SNS.SetSMSAttributesInput, _ call: Call
    ) throws(ServiceError) -> SNS.SetSMSAttributesResponse {
        let known = [
            "MonthlySpendLimit", "DeliveryStatusIAMRole", "DeliveryStatusSuccessSamplingRate", "DefaultSenderID",
            "DefaultSMSType", "UsageReportS3Bucket",
        ]
        for name in input.attributes.keys.sorted() where !known.contains(name) {
            throw .snsInvalid("\(name) is not a valid attribute")
        }
        if let type = input.attributes["DefaultSMSType"], !["Promotional", "Transactional"].contains(type) {
            throw .snsInvalid("DefaultSMSType is invalid")
        }
        change("sms", in: call.scope) { settings in
            settings.sms.merge(input.attributes) { _, new in new }
            return settings.sms
        }
        return SNS.SetSMSAttributesResponse()
    }

    func getSMSAttributes(
        _ input: SNS.GetSMSAttributesInput, _ call: Call
    ) throws(ServiceError) -> SNS.GetSMSAttributesResponse {
        var attributes = settings[call.scope]?.sms ?? [:]
        if let wanted = input.attributes, !wanted.isEmpty { attributes = attributes.filter { wanted.contains($0.key) } }
        return SNS.GetSMSAttributesResponse(attributes: attributes)
    }

    func checkIfPhoneNumberIsOptedOut(
        _ input: SNS.CheckIfPhoneNumberIsOptedOutInput, _ call: Call
    ) throws(ServiceError) -> SNS.CheckIfPhoneNumberIsOptedOutResponse {
        let digits = input.phoneNumber.drop { $0 == "+" }.filter { !"-. ()".contains($0) }
        guard (1...15).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) }) else {
            throw .snsInvalid("PhoneNumber Reason: input incorrectly formatted")
        }
        return SNS.CheckIfPhoneNumberIsOptedOutResponse(
            isOptedOut: settings[call.scope]?.optedOut.contains(input.phoneNumber) == true)
    }

    func listPhoneNumbersOptedOut(
        _ input: SNS.ListPhoneNumbersOptedOutInput, _ call: Call
    ) throws(ServiceError) -> SNS.ListPhoneNumbersOptedOutResponse {
        let all = (settings[call.scope]?.optedOut ?? []).sorted()
        let (page, next) = try Self.page(all, after: input.nextToken) { $0 }
        return SNS.ListPhoneNumbersOptedOutResponse(phoneNumbers: page, nextToken: next)
    }

    func optInPhoneNumber(
        _ input: SNS.OptInPhoneNumberInput, _ call: Call
    ) throws(ServiceError) -> SNS.OptInPhoneNumberResponse {
        change("opted-out", in: call.scope) { settings in
            settings.optedOut.remove(input.phoneNumber)
            return Dictionary(settings.optedOut.map { ($0, "") }) { first, _ in first }
        }
        return SNS.OptInPhoneNumberResponse()
    }

    /// The one-time password arrives in the outbox, as AWS's does on the phone.
    func createSMSSandboxPhoneNumber(
        _ input: SNS.CreateSMSSandboxPhoneNumberInput, _ call: Call
    ) throws(ServiceError) -> SNS.CreateSMSSandboxPhoneNumberResult {
        let password = String(100_000 + Int(core.identifiers.fraction() * 900_000))
        change("sandbox", in: call.scope) { settings in
            settings.sandbox[input.phoneNumber] = password
            return settings.sandbox
        }
        keep(
            "sms", to: input.phoneNumber, subject: "", "Your verification code is \(password).", topic: "", call.scope)
        return SNS.CreateSMSSandboxPhoneNumberResult()
    }

    func verifySMSSandboxPhoneNumber(
        _ input: SNS.VerifySMSSandboxPhoneNumberInput, _ call: Call
    ) throws(ServiceError) -> SNS.VerifySMSSandboxPhoneNumberResult {
        guard let known = settings[call.scope]?.sandbox[input.phoneNumber] else { throw .snsResourceMissing }
        guard known == "Verified" || known == input.oneTimePassword else {
            throw .sns("VerificationException", "VerificationException", "The one-time password is wrong.")
        }
        change("sandbox", in: call.scope) { settings in
            settings.sandbox[input.phoneNumber] = "Verified"
            return settings.sandbox
        }
        return SNS.VerifySMSSandboxPhoneNumberResult()
    }

    func deleteSMSSandboxPhoneNumber(
        _ input: SNS.DeleteSMSSandboxPhoneNumberInput, _ call: Call
    ) throws(ServiceError) -> SNS.DeleteSMSSandboxPhoneNumberResult {
        guard settings[call.scope]?.sandbox[input.phoneNumber] != nil else { throw .snsResourceMissing }
        change("sandbox", in: call.scope) { settings in
            settings.sandbox[input.phoneNumber] = nil
            return settings.sandbox
        }
        return SNS.DeleteSMSSandboxPhoneNumberResult()
    }

    func listSMSSandboxPhoneNumbers(
        _ input: SNS.ListSMSSandboxPhoneNumbersInput, _ call: Call
    ) throws(ServiceError) -> SNS.ListSMSSandboxPhoneNumbersResult {
        let all = (settings[call.scope]?.sandbox ?? [:]).sorted { $0.key < $1.key }
        let (page, next) = try Self.page(all, after: input.nextToken, key: \.key)
        return SNS.ListSMSSandboxPhoneNumbersResult(
            phoneNumbers: page.map {
                SNS.SMSSandboxPhoneNumber(
                    phoneNumber: $0.key, status: $0.value == "Verified" ? "Verified" : "Pending")
            }, nextToken: next)
    }
}
