using Ledger.Api.Json;
using Ledger.Api.Problems;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Ledger.Api.OpenApi;

/// <summary>The head of the OpenAPI document: title, licence, server, security.</summary>
internal sealed class DocumentWriting : IOpenApiDocumentTransformer
{
    /// <summary>The document's name; it is written to <c>openapi/v1.json</c>.</summary>
    public const string Name = "v1";

    public static void AddTo(IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(options =>
        {
            var json = options.SerializerOptions;
            json.NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict;
            json.Converters.Add(new InstantConverter());
            json.Converters.Add(new LocalDateConverter());
            json.TypeInfoResolverChain.Insert(0, ApiJson.Default);
        });
        services.AddOpenApi(Name, options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.AddSchemaTransformer<SchemaWriting>();
            options.AddOperationTransformer<OperationWriting>();
            options.AddDocumentTransformer<DocumentWriting>();
        });
    }

    public async Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new()
        {
            Title = "Points ledger",
            Version = "1",
            Description = "A double-entry points ledger and rewards engine. One outcome per command, for ever, refusals included.",
            License = new() { Name = "MIT", Identifier = "MIT" },
        };

        // Where the document happened to be written says nothing about where it is served.
        document.Servers = [new() { Url = "/" }];
        document.AddComponent(nameof(Problem), await context.GetOrCreateSchemaAsync(typeof(Problem), null, cancellationToken));
        document.AddComponent<IOpenApiSecurityScheme>(OperationWriting.SecurityScheme, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "An API key: `Authorization: Bearer plk_…`.",
        });
    }
}
