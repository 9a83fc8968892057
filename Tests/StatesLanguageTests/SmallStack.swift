#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Runs a closure on a thread with as little stack as a secondary thread may have: 512 KiB. Frames of code that is not
/// optimised are several times as large, and get four times as much.
enum SmallStack {
    #if DEBUG
        static let bytes = 4 * 512 * 1024
    #else
        static let bytes = 512 * 1024
    #endif

    /// The caller waits, so nothing runs at the same time: `@unchecked` is safe.
    private final class Work: @unchecked Sendable {
        let body: () throws -> Void
        var failure: (any Error)?
        init(_ body: @escaping () throws -> Void) { self.body = body }
    }

    static func run(_ body: @escaping () throws -> Void) throws {
        let work = Work(body)
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setstacksize(&attributes, bytes)
        defer { pthread_attr_destroy(&attributes) }
        #if canImport(Glibc)
            var thread = pthread_t()
        #else
            var thread: pthread_t?
        #endif
        let pointer = Unmanaged.passUnretained(work).toOpaque()
        let status = pthread_create(
            &thread, &attributes,
            { argument in
                let argument: UnsafeMutableRawPointer? = argument
                guard let argument else { return nil }
                let work = Unmanaged<Work>.fromOpaque(argument).takeUnretainedValue()
                do { try work.body() } catch { work.failure = error }
                return nil
            }, pointer)
        struct NoThread: Error {}
        guard status == 0 else { throw NoThread() }
        #if canImport(Glibc)
            pthread_join(thread, nil)
        #else
            if let thread { pthread_join(thread, nil) }
        #endif
        if let failure = work.failure { throw failure }
    }
}
