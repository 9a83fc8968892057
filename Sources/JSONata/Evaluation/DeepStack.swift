#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A stack of its own for the rest of a deep evaluation: the caller waits, so nothing runs at the same time.
/// Which is why `@unchecked` is safe.
final class DeepStack: @unchecked Sendable {
    static let bytes = 128 * 1024 * 1024

    private let body: () throws(JSONataError) -> Value
    private var outcome: Result<Value, JSONataError> = .failure(JSONataError("U1001"))

    private init(_ body: @escaping () throws(JSONataError) -> Value) { self.body = body }

    static func run(_ body: @escaping () throws(JSONataError) -> Value) throws(JSONataError) -> Value {
        let deep = DeepStack(body)
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setstacksize(&attributes, bytes)
        defer { pthread_attr_destroy(&attributes) }
        var thread = pthread_t()
        let pointer = Unmanaged.passUnretained(deep).toOpaque()
        let failure = pthread_create(
            &thread, &attributes,
            { argument in
                if let argument { Unmanaged<DeepStack>.fromOpaque(argument).takeUnretainedValue().perform() }
                return nil
            }, pointer)
        guard failure == 0 else { throw JSONataError("U1001") }
        pthread_join(thread, nil)
        return try deep.outcome.get()
    }

    private func perform() {
        do throws(JSONataError) {
            outcome = .success(try body())
        } catch {
            outcome = .failure(error)
        }
    }
}
