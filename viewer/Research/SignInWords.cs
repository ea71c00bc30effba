using Bedside.Model.Research;
using Microsoft.AspNetCore.Http;

namespace Bedside.Viewer.Research;

/// <summary>Why somebody is not let in, in both languages; which of badge and password was wrong is not told.</summary>
internal static class SignInWords
{
    public static TwoTongues Second { get; } = new(
        "C’est une décision : il y faut une clé d’accès, ou les six chiffres d’une application après le mot de passe. Préparez-la à l’écran du lit (Plus, Personnes), puis redites-le ici.",
        "This is a decision: it takes a passkey, or the six digits of an app after the password. Set one up at the bed’s screen (More, People), then say it here again.");

    public static TwoTongues Of(IResult answer) => (answer as IStatusCodeHttpResult)?.StatusCode switch
    {
        StatusCodes.Status401Unauthorized => new("Le badge et le mot de passe ne vont pas ensemble. Avec une application de codes, ses six chiffres suivent le mot de passe, et chacun ne vaut qu’une fois.", "Badge and password do not belong together. Where an app makes codes, its six digits follow the password, and each counts once."),
        StatusCodes.Status429TooManyRequests => new("Trop d’essais : attendez un peu, puis réessayez.", "Too many tries: wait a little, then try again."),
        _ => new("Le boîtier n’a pas pu le vérifier maintenant ; réessayez dans quelques secondes.", "The box could not check it now; try again in a few seconds."),
    };
}
