import AWSModel

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The host's wall clock. The only place outside the console where it is read.
public enum SystemClock {
    public static func now() -> Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }
}
