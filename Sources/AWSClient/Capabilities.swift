import AWSTypes

extension AWSClient {
    /// Whether the other end is a Skua engine, so that clock, timeline and peeking work.
    ///
    /// - Throws: what kept the question from being answered, such as `ConnectionFailed`.
    public func isSkuaEngine() async throws(AWSError) -> Bool {
        do throws(AWSError) {
            _ = try await call(Skua.getClock, Skua.GetClockRequest())
            return true
        } catch {
            if error.httpStatus == 0 { throw error }
            return false
        }
    }
}
