using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;

namespace MeteringGateway.Testing.Creem;

/// <summary>What a customer sees: a page that a POST pays, and the portal.</summary>
internal sealed class CreemPages(CreemDouble creem)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/checkout/{id}", (string id) => creem.Shop.Checkout(id) is { } checkout
            ? Page($"""
                <h1>{WebUtility.HtmlEncode(checkout.Product.Name)}</h1><p>{checkout.Amount} {checkout.Product.Currency}</p>
                <form method="post"><button>Pay</button></form>
                """)
            : Results.NotFound());
        routes.MapPost("/checkout/{id}", Pay);
        routes.MapGet("/portal/{id}", (string id) => creem.Shop.HasCustomer(id) ? Page("<h1>Customer portal</h1>") : Results.NotFound());
    }

    /// <summary>As after Creem's page: back to where the checkout was made, with what was paid in the query.</summary>
    private IResult Pay(string id)
    {
        if (creem.Shop.Checkout(id) is not { } checkout)
        {
            return Results.NotFound();
        }

        if (creem.Shop.Pay(id) is not { } order)
        {
            return Results.Conflict();
        }

        return checkout.SuccessUrl is not { } url ? Page("<h1>Paid</h1>") : new SeeOther(QueryHelpers.AddQueryString(
            url, new Dictionary<string, string?>
            {
                ["checkout_id"] = id,
                ["order_id"] = order.Id,
                ["customer_id"] = order.Customer.Id,
                ["product_id"] = order.Product.Id,
                ["request_id"] = checkout.RequestId,
            }));
    }

    private static IResult Page(string body) => Results.Content($"<!doctype html><title>Creem</title>{body}", "text/html");

    private sealed class SeeOther(string location) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = location;
            return Task.CompletedTask;
        }
    }
}
