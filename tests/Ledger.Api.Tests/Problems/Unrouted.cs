using Ledger.Api.Tests.Serving;

namespace Ledger.Api.Tests.Problems;

public sealed class Unrouted(SharedApi shared)
{
    [Theory]
    [InlineData("/nothing/here")]
    [InlineData("/v1")]
    [InlineData("/v1/residents/r-1")]
    public async Task An_address_that_is_not_there_is_404_with_and_without_a_key(string url)
    {
        (await shared.Api.CreateClient().Read(url)).IsProblem(404, "not_found");
        (await shared.App.Read(url)).IsProblem(404, "not_found");
    }

    [Fact]
    public async Task A_method_that_an_address_does_not_know_is_405_and_names_those_it_knows()
    {
        var reply = (await shared.App.Ask(new(HttpMethod.Delete, "/v1/trial-balance"))).IsProblem(405, "method_not_allowed");

        Assert.Contains("GET", reply.Message.Content.Headers.Allow);
    }

    [Theory]
    [InlineData("/v1/events", "application/json", "{}")]
    [InlineData("/v1/events", "text/plain", "hello")]
    [InlineData("/v1/events", "application/cloudevents+json; charset=gb2312", "{}")]
    [InlineData("/v1/residents/r-1/spends", "text/xml", "<spend/>")]
    public async Task A_content_type_that_is_not_read_is_415(string url, string type, string body) =>
        (await shared.App.Write(url, body, type, ("Idempotency-Key", "k"))).IsProblem(415, "media_type_unsupported");

    [Theory]
    [InlineData("/v1/events", Requests.StructuredType, 65_537)]
    [InlineData("/v1/events", Requests.BatchType, 1_048_577)]
    [InlineData("/v1/events", Requests.BatchType, 10_485_760)]
    [InlineData("/v1/residents/r-1/spends", "application/json", 65_537)]
    public async Task A_body_that_is_too_large_is_413(string url, string type, int bytes)
    {
        var body = new byte[bytes];
        Array.Fill(body, (byte)' ');

        (await shared.App.Write(url, body, type, ("Idempotency-Key", "k"))).IsProblem(413, "body_too_large");
    }

    [Fact]
    public async Task A_body_without_a_length_is_limited_all_the_same()
    {
        using var blanks = new MemoryStream(Enumerable.Repeat((byte)' ', 200_000).ToArray());
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/events") { Content = new StreamContent(new Unmeasured(blanks)) };
        request.Content.Headers.ContentType = new(Requests.StructuredType);
        request.Headers.TransferEncodingChunked = true;

        (await shared.App.Ask(request)).IsProblem(413, "body_too_large");
    }

    [Fact]
    public async Task Titles_come_in_the_language_that_is_asked_for()
    {
        var chinese = await shared.App.Read("/nothing", ("Accept-Language", "fr, zh-CN;q=0.9, en;q=0.5"));
        var english = await shared.App.Read("/nothing", ("Accept-Language", "fr, en;q=0.9, zh;q=0.5"));

        Assert.Equal(("地址不存在", "Nothing is here"), (chinese.Word("title"), english.Word("title")));
    }

    // A stream that does not tell its length, so that none is sent.
    private sealed class Unmeasured(Stream inner) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
