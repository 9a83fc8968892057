/// `/var/runtime/bootstrap.py`: the Python side of the Runtime API.
///
/// Start-up time is a user's waiting time, so it imports little: no `http.client`, no `socket`, and never an SDK.
let pythonBootstrap = #"""
    import importlib
    import json
    import logging
    import os
    import sys
    import time
    import traceback
    from _socket import socket, AF_INET, SOCK_STREAM, IPPROTO_TCP, TCP_NODELAY

    API = "/2018-06-01/runtime"
    NBSP = "\u00a0"


    class Fault(Exception):
        """An error Lambda names itself, such as Runtime.HandlerNotFound."""

        def __init__(self, kind, message, trace=None):
            super().__init__(message)
            self.kind = kind
            self.message = message
            self.trace = trace


    class RuntimeAPI:
        """One kept connection; requests follow each other, so plain blocking reads do."""

        def __init__(self, address):
            host, port = address.rsplit(":", 1)
            self.host = address
            self.socket = socket(AF_INET, SOCK_STREAM)
            self.socket.connect((host, int(port)))
            self.socket.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)

        def call(self, method, path, body=b"", headers=()):
            lines = ["%s %s%s HTTP/1.1" % (method, API, path), "Host: " + self.host]
            lines += ["%s: %s" % header for header in headers]
            if method == "POST":
                lines.append("Content-Length: %d" % len(body))
            self.socket.sendall("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)
            data = b""
            while b"\r\n\r\n" not in data:
                data += self.receive()
            head, _, rest = data.partition(b"\r\n\r\n")
            head = head.decode("latin-1").split("\r\n")
            fields = {}
            for line in head[1:]:
                name, _, value = line.partition(":")
                fields[name.lower()] = value.strip()
            length = int(fields.get("content-length", "0"))
            parts = [rest]
            missing = length - len(rest)
            while missing > 0:
                part = self.receive()
                parts.append(part)
                missing -= len(part)
            return int(head[0].split(" ")[1]), fields, b"".join(parts)

        def receive(self):
            data = self.socket.recv(262144)
            if not data:
                os._exit(1)
            return data


    class Decimals(json.JSONEncoder):
        """decimal.Decimal as a number with all its digits, which plain encoding can't write."""

        MARK = "\u0001decimal:"

        def default(self, value):
            decimal = sys.modules.get("decimal")
            if decimal is not None and isinstance(value, decimal.Decimal):
                return float("nan") if value.is_nan() else self.MARK + str(value) + self.MARK
            return super().default(value)


    def keeps_unicode():
        name = os.environ.get("AWS_EXECUTION_ENV", "")
        try:
            return name.startswith("AWS_Lambda_python3.") and int(name.rsplit(".", 1)[1]) >= 12
        except ValueError:
            return False


    encoder = Decimals(ensure_ascii=not keeps_unicode())


    def to_json(value):
        text = encoder.encode(value)
        if "decimal:" in text:
            mark = json.dumps(Decimals.MARK)[1:-1]
            text = text.replace('"' + mark, "").replace(mark + '"', "")
        return text


    class LogSink:
        """Writes an event as a frame, so that line ends may be inside it."""

        offset = 0

        def __init__(self, descriptor):
            self.descriptor = descriptor

        def write(self, text):
            body = text.encode("utf-8", "surrogatepass")
            head = b"\xa5\x5a\x00\x03" + len(body).to_bytes(4, "big") + (time.time_ns() // 1000).to_bytes(8, "big")
            data = memoryview(head + body)
            while data:
                data = data[os.write(self.descriptor, data):]


    class LambdaContext:
        def __init__(self, fields):
            self.aws_request_id = fields["lambda-runtime-aws-request-id"]
            self.invoked_function_arn = fields.get("lambda-runtime-invoked-function-arn")
            self.log_group_name = os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME")
            self.log_stream_name = os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME")
            self.function_name = os.environ.get("AWS_LAMBDA_FUNCTION_NAME")
            self.memory_limit_in_mb = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
            self.function_version = os.environ.get("AWS_LAMBDA_FUNCTION_VERSION")
            self.tenant_id = None
            self.client_context = ClientContext.parse(fields.get("lambda-runtime-client-context"))
            self.identity = CognitoIdentity(fields.get("lambda-runtime-cognito-identity"))
            self._epoch_deadline_time_in_ms = int(fields.get("lambda-runtime-deadline-ms", "0"))

        def get_remaining_time_in_millis(self):
            return max(0, self._epoch_deadline_time_in_ms - int(time.time() * 1000))

        def log(self, message):
            sys.stdout.write(str(message))

        def __repr__(self):
            names = ["aws_request_id", "log_group_name", "log_stream_name", "function_name", "memory_limit_in_mb",
                     "function_version", "invoked_function_arn", "client_context", "identity", "tenant_id"]
            return "LambdaContext([" + ",".join("%s=%s" % (name, getattr(self, name)) for name in names) + "])"


    class CognitoIdentity:
        def __init__(self, text):
            fields = parsed(text, "Cognito Identity") or {}
            self.cognito_identity_id = fields.get("cognitoIdentityId")
            self.cognito_identity_pool_id = fields.get("cognitoIdentityPoolId")

        def __repr__(self):
            return "CognitoIdentity([cognito_identity_id=%s,cognito_identity_pool_id=%s])" % (
                self.cognito_identity_id, self.cognito_identity_pool_id)


    class Client:
        FIELDS = ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name")

        def __init__(self, fields):
            for name in self.FIELDS:
                setattr(self, name, fields.get(name))


    class ClientContext:
        @classmethod
        def parse(cls, text):
            fields = parsed(text, "Client Context")
            if fields is None:
                return None
            context = cls()
            context.custom = fields.get("custom")
            context.env = fields.get("env")
            client = fields.get("client")
            context.client = None if client is None else Client(client)
            return context

        def __repr__(self):
            return "ClientContext([custom=%s,env=%s,client=%s])" % (self.custom, self.env, self.client)


    def parsed(text, name):
        if not text:
            return None
        try:
            return json.loads(text)
        except Exception as error:
            raise Fault("Runtime.LambdaContextUnmarshalError", "Unable to parse %s JSON: %s" % (name, error))


    def find_handler(name):
        module_name, dot, function_name = name.rpartition(".")
        if not dot:
            raise Fault("Runtime.MalformedHandlerName",
                        "Bad handler '%s': not enough values to unpack (expected 2, got 1)" % name)
        if module_name.split(".")[0] in sys.builtin_module_names:
            raise Fault("Runtime.BuiltInModuleConflict", "Cannot use built-in module %s as a handler module" % module_name)
        try:
            module = importlib.import_module(module_name.replace("/", "."))
        except ImportError as error:
            raise Fault("Runtime.ImportModuleError", "Unable to import module '%s': %s" % (module_name, error))
        except SyntaxError as error:
            raise Fault("Runtime.UserCodeSyntaxError", "Syntax error in module '%s': %s" % (module_name, error),
                        ['  File "%s" Line %s\n    %s' % (error.filename, error.lineno, error.text)])
        try:
            return getattr(module, function_name)
        except AttributeError:
            raise Fault("Runtime.HandlerNotFound", "Handler '%s' missing on module '%s'" % (function_name, module_name))


    def described(error, request_id):
        """What a caller gets to see of an exception."""
        if isinstance(error, Fault):
            kind, message, trace = error.kind, error.message, error.trace or []
        else:
            frames = traceback.extract_tb(error.__traceback__)
            own = 0
            while own < len(frames) and frames[own].filename == __file__:
                own += 1
            if own == len(frames):
                own = 0
            # As plain tuples: AWS's traces have no carets below their lines.
            shown = [(frame.filename, frame.lineno, frame.name, frame.line) for frame in frames[own:]]
            kind, message, trace = type(error).__name__, str(error), traceback.format_list(shown)
        return {"errorMessage": message, "errorType": kind, "requestId": request_id, "stackTrace": trace}


    def log_error(result, sink):
        if json_format:
            stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + LogSink.offset))
            sink.write(to_json({"timestamp": stamp, "level": "ERROR", **result}))
            return
        lines = ["[ERROR] " + result["errorType"] + (": " + result["errorMessage"] if result["errorMessage"] else ""),
                 "Traceback (most recent call last):"]
        for element in result["stackTrace"]:
            for line in element.splitlines() or [""]:
                text = line.lstrip(" ")
                lines.append(NBSP * (len(line) - len(text)) + text)
        sink.write("\n".join(lines))


    json_format = os.environ.get("AWS_LAMBDA_LOG_FORMAT", "").upper() == "JSON"
    request_id = ""


    class JSONFormatter(logging.Formatter):
        KNOWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "aws_request_id"}

        def format(self, record):
            moment = time.gmtime(record.created + LogSink.offset)
            result = {"timestamp": "%s.%03dZ" % (time.strftime("%Y-%m-%dT%H:%M:%S", moment), record.msecs),
                      "level": record.levelname, "message": record.getMessage(), "logger": record.name}
            if record.exc_info:
                result["stackTrace"] = traceback.format_tb(record.exc_info[2])
                result["errorType"] = record.exc_info[0].__name__
                result["errorMessage"] = str(record.exc_info[1])
                result["location"] = "%s:%s:%s" % (record.pathname, record.funcName, record.lineno)
            result["requestId"] = request_id
            for key, value in record.__dict__.items():
                if key not in self.KNOWN and key not in result:
                    result[key] = value
            return json.dumps(result, ensure_ascii=False, default=str)


    class TextFormatter(logging.Formatter):
        def format(self, record):
            moment = time.gmtime(record.created + LogSink.offset)
            record.message = record.getMessage()
            text = "[%s]\t%s.%03dZ\t%s\t%s" % (
                record.levelname, time.strftime("%Y-%m-%dT%H:%M:%S", moment), record.msecs, request_id, record.message)
            if record.exc_info:
                text += "\n\n" + self.formatException(record.exc_info)
            if record.stack_info:
                text += "\n" + self.formatStack(record.stack_info)
            return text


    class LambdaLoggerHandler(logging.Handler):
        def __init__(self, sink):
            super().__init__()
            self.sink = sink

        def emit(self, record):
            record.aws_request_id = request_id
            self.sink.write(self.format(record))


    def set_up_logging(sink):
        logging.Formatter.converter = time.gmtime
        handler = LambdaLoggerHandler(sink)
        handler.setFormatter(JSONFormatter() if json_format else TextFormatter())
        root = logging.getLogger()
        level = os.environ.get("AWS_LAMBDA_LOG_LEVEL", "").upper()
        level = {"TRACE": "DEBUG", "WARN": "WARNING", "FATAL": "CRITICAL"}.get(level, level)
        if level in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"):
            root.setLevel(level)
        root.addHandler(handler)


    def set_up_path(task, layers):
        # The bootstrap's own folder comes last: a module of the function may have any name.
        own = os.path.dirname(__file__)
        sys.path[:] = [entry for entry in sys.path if entry != own]
        version = "python%d.%d" % sys.version_info[:2]
        sys.path[:0] = [task, layers + "/python/lib/" + version + "/site-packages", layers + "/python"]
        sys.path.append(own)
        sys.argv[:] = sys.argv[:1]


    def handle(api, handler, sink):
        global request_id
        status, fields, body = api.call("GET", "/invocation/next")
        if status != 200:
            os._exit(1)
        request_id = fields["lambda-runtime-aws-request-id"]
        LogSink.offset = int(fields.get("skua-clock-offset-ms", "0")) / 1000
        trace_id = fields.get("lambda-runtime-trace-id")
        if trace_id:
            os.environ["_X_AMZN_TRACE_ID"] = trace_id
        else:
            os.environ.pop("_X_AMZN_TRACE_ID", None)
        try:
            context = LambdaContext(fields)
            try:
                event = json.loads(body)
            except Exception as error:
                raise Fault("Runtime.UnmarshalError", "Unable to unmarshal input: %s" % error)
            response = handler(event, context)
            kind = "application/json"
            if isinstance(response, bytes):
                kind = "application/unknown"
            else:
                try:
                    response = to_json(response).encode("utf-8")
                except Exception as error:
                    raise Fault("Runtime.MarshalError", "Unable to marshal response: %s" % error)
        except Exception as error:
            result = described(error, request_id)
            sys.stdout.flush()
            log_error(result, sink)
            api.call("POST", "/invocation/%s/error" % request_id, to_json(result).encode("utf-8"),
                     [("Content-Type", "application/vnd.aws.lambda.error+json"),
                      ("Lambda-Runtime-Function-Error-Type", result["errorType"])])
            return
        sys.stdout.flush()
        api.call("POST", "/invocation/%s/response" % request_id, response, [("Content-Type", kind)])


    def main():
        task, layers = sys.argv[1:3]
        set_up_path(task, layers)
        # A copy of the descriptor: a function that closes its standard output still logs.
        sink = LogSink(os.dup(1))
        set_up_logging(sink)
        api = RuntimeAPI(os.environ["AWS_LAMBDA_RUNTIME_API"])
        try:
            handler = find_handler(os.environ["_HANDLER"])
        except Exception as error:
            result = described(error, "")
            log_error(result, sink)
            api.call("POST", "/init/error", to_json(result).encode("utf-8"),
                     [("Lambda-Runtime-Function-Error-Type", result["errorType"])])
            sys.exit(1)
        while True:
            handle(api, handler, sink)


    if __name__ == "__main__":
        main()
    """#
