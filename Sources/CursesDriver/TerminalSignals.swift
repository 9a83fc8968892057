import CNcurses
import Glibc

/// The one file that may use the signal functions of CNcurses; their state is static in each file that does.
enum TerminalSignals {
    static func saveModes() { skua_signals_save_modes() }

    /// From now on signals are bytes in `pipe`, and a crash puts the terminal back with `restore`.
    static func install(pipe: Int32, restore: [UInt8]) {
        restore.withUnsafeBytes { bytes in
            guard let base = bytes.bindMemory(to: CChar.self).baseAddress else { return }
            skua_signals_install(pipe, base, bytes.count)
        }
    }

    static func remove() { skua_signals_remove() }
    static func disarm() { skua_signals_disarm() }
    static func arm() { skua_signals_arm() }
    static func stopProcess() { skua_signals_stop_process() }
}
