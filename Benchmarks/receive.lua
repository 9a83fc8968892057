-- wrk: ReceiveMessage and DeleteMessage in turn, on one connection each. A round is both calls.
local url = os.getenv("QUEUE_URL")
local auth = "AWS4-HMAC-SHA256 Credential=bench/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0"
local handle = nil

local function call(operation, body)
  return wrk.format("POST", "/", {
    ["Content-Type"] = "application/x-amz-json-1.0",
    ["X-Amz-Target"] = "AmazonSQS." .. operation,
    ["Authorization"] = auth,
  }, body)
end

local receive = string.format('{"QueueUrl":"%s","MaxNumberOfMessages":1}', url)

function request()
  if handle then
    local body = string.format('{"QueueUrl":"%s","ReceiptHandle":"%s"}', url, handle)
    handle = nil
    return call("DeleteMessage", body)
  end
  return call("ReceiveMessage", receive)
end

function response(status, headers, body)
  handle = string.match(body, '"ReceiptHandle"%s*:%s*"([^"]+)"')
end
