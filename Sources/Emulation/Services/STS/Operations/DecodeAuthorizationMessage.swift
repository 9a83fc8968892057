import AWSModel
import AWSTypes

extension STSService {
    /// What a denial was about, for those who were handed its encoded form.
    func decodeAuthorizationMessage(
        _ input: STS.DecodeAuthorizationMessageRequest, _ call: Call
    ) throws(ServiceError) -> STS.DecodeAuthorizationMessageResponse {
        guard let denial = core.service(IAMService.self)?.access.denial(encoded: input.encodedMessage) else {
            throw ServiceError(
                "InvalidAuthorizationMessageException", "Message contains invalid or expired authorization information."
            )
        }
        return STS.DecodeAuthorizationMessageResponse(decodedMessage: JSONWriter.string(.object(denial.decoded)))
    }
}
